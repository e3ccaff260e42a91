/**
 * @file The grammar of Démarche for tree-sitter: ../demarche.ebnf rule by rule, with what src/scanner.c decides.
 * @license MIT OR Apache-2.0
 */

/// <reference types="tree-sitter-cli/dsl" />
// @ts-check

/** The words that are no names. */
const KEYWORDS = [
  'after', 'and', 'anyone', 'as', 'before', 'between', 'by', 'contains', 'distinct', 'during', 'every', 'expect',
  'false', 'in', 'is', 'let', 'matches', 'missing', 'not', 'of', 'on', 'or', 'per', 'possibly', 'since', 'true',
  'until', 'use', 'where', 'with', 'within',
];

/** White space, as BLANK lists it. */
const BLANK = /[\u0009-\u000D\u0020\u0085\u00A0\u1680\u2000-\u200A\u2028\u2029\u202F\u205F\u3000\uFEFF]/;

/** @param {RuleOrLiteral} rule */
const list = rule => seq(rule, repeat(seq(',', rule)));

/** The names that these words are where they mean nothing else. */
const names = ($, ...words) => words.map(word => alias(word, $.name));

const open = $ => alias($._open, '(');
const close = $ => alias($._close, ')');
const brackets = ($, rule) => seq(alias($._open_step, '['), rule, alias($._close_step, ']'));
const asOf = $ => alias($._as_of, 'as of');

export default grammar({
  name: 'demarche',

  word: $ => $.name,

  reserved: { global: _ => KEYWORDS },

  extras: $ => [BLANK, $.comment],

  // In the order of `enum Token` in src/scanner.c.
  externals: $ => [
    $._line_end,
    $._operand_on_line,
    $._expression_on_line,
    $._call_open,
    $._query_open,
    $._open,
    $._close,
    $._open_step,
    $._close_step,
    $.integer,
    $.float,
    $.date,
    $.unit,
    $._period_unit,
    $._ago,
    $._asc,
    $._desc,
    $._from,
    $._to,
    $._starts_with,
    $._ends_with,
    $._as_of,
    $._error,
  ],

  supertypes: $ => [$.statement, $.clause, $.stage, $.expression],

  inline: $ => [$._name, $._word, $._source_name, $._operand_name, $._column, $._number, $._field, $._windowed],

  // The right side of a `let` is a query or an expression, and what it is may only show at its end.
  conflicts: $ => [[$._source, $._operand], [$._source, $.relative_date], [$.sequence, $._operand]],

  rules: {
    script: $ => seq(
      repeat(';'),
      repeat(seq($.statement, choice(repeat1(';'), $._line_end))),
      optional($.statement),
    ),

    // Statements

    statement: $ => choice($.let, $.expect, $.use, $.query),

    let: $ => seq(
      'let',
      field('name', $._name),
      optional(field('parameters', $.parameters)),
      '=',
      field('value', choice(prec.dynamic(1, $.query), $.expression)),
    ),

    parameters: $ => seq(open($), list($._name), close($)),

    expect: $ => seq(
      'expect',
      optional(seq(field('message', $.text), ':')),
      field('condition', $.expression),
    ),

    use: $ => seq('use', field('file', $.text)),

    // Queries

    query: $ => seq(
      choice(
        seq(field('source', $._source), repeat(field('clause', $.clause))),
        field('source', $.sequence),
      ),
      repeat(seq('|', field('stage', $.stage))),
    ),

    _stage_query: $ => seq(field('source', $._source), repeat(field('clause', $.clause))),

    _step_query: $ => seq(
      field('source', $._source),
      repeat(field('clause', $.clause)),
      repeat(seq('|', field('stage', $.where))),
    ),

    _source: $ => choice($._source_name, $.call, $.sub_query, alias($._plain_sub_query, $.sub_query), $.hole),

    sub_query: $ => seq(alias($._query_open, '('), $.query, close($)),

    _plain_sub_query: $ => seq(open($), $.query, close($)),

    sequence: $ => seq(
      'sequence',
      optional(choice('latest', 'all')),
      optional(seq('by', list(field('key', $._sum)))),
      optional(seq('within', field('within', $._sum))),
      repeat1(field('step', $.step)),
      optional(seq('until', brackets($, field('until', alias($._step_query, $.query))))),
    ),

    step: $ => seq(
      optional('not'),
      brackets($, seq(
        field('query', alias($._step_query, $.query)),
        optional(seq('as', field('name', $._name))),
      )),
      optional(seq('{', field('times', $.integer), '}')),
    ),

    // Clauses

    clause: $ => choice($.place, $.side, $.period, $.where),

    place: $ => seq('in', field('place', $._range)),

    side: $ => choice(
      seq(field('role', 'of'), field('side', choice('anyone', $._range))),
      seq(field('role', 'with'), field('side', $._range)),
    ),

    period: $ => seq(
      field('relation', choice('since', 'until', 'before', 'after', 'during')),
      field('period', $._range),
    ),

    where: $ => seq('where', optional('possibly'), field('condition', $.expression)),

    // Stages

    stage: $ => choice(
      $.where, $.select, $.derive, $.sort, $.take, $.skip, $.top, $.first, $.last, $.distinct, $.expand, $.count,
      $.summarize, $.gap, $.share, $.cite, $.pivot, $.fill, $.followed, $.rolling, $.running, $.combine, $.join,
      $.links, $.path, $.render, $.hole,
    ),

    select: $ => seq('select', list(field('column', $._column))),

    derive: $ => seq('derive', list(field('column', $.named_column))),

    sort: $ => seq('sort', list(field('key', $.sort_key))),

    sort_key: $ => seq(
      field('value', $.expression),
      optional(field('order', choice(alias($._asc, 'asc'), alias($._desc, 'desc')))),
    ),

    take: $ => seq('take', field('count', $.integer)),

    skip: $ => seq('skip', field('count', $.integer)),

    top: $ => seq('top', field('count', $.integer), 'by', field('key', $.sort_key), optional($.per)),

    first: $ => seq('first', optional(field('count', $.integer)), optional($.per)),

    last: $ => seq('last', optional(field('count', $.integer)), optional($.per)),

    per: $ => seq('per', field('key', $.expression)),

    distinct: $ => seq('distinct', optional(seq($._expression_on_line, list(field('column', $._column))))),

    expand: $ => seq('expand', field('value', $.expression)),

    count: $ => seq('count', optional($.keys)),

    summarize: $ => seq('summarize', list(field('column', $._column)), optional($.keys)),

    gap: $ => seq('gap', 'by', list(field('key', $.expression))),

    share: _ => 'share',

    cite: _ => 'cite',

    pivot: $ => seq('pivot', field('key', $.expression)),

    fill: $ => seq(
      'fill',
      optional(seq(alias($._from, 'from'), field('from', $._sum))),
      optional(seq(alias($._to, 'to'), field('to', $._sum))),
    ),

    followed: $ => seq(
      field('side', choice('followed', 'preceded')),
      'by',
      field('query', alias($._stage_query, $.query)),
      'within',
      field('within', $._sum),
      optional(seq('on', list(field('key', $.expression)))),
    ),

    rolling: $ => seq('rolling', field('window', choice($.duration, $.parameter)), $._windowed),

    running: $ => seq('running', $._windowed),

    _windowed: $ => seq(
      list(field('column', $._column)),
      optional(seq('by', list(field('key', $.expression)))),
    ),

    combine: $ => seq(
      field('operator', choice('union', 'intersect', 'except')),
      field('query', alias($._stage_query, $.query)),
    ),

    join: $ => seq(
      'join',
      field('query', alias($._stage_query, $.query)),
      'on',
      list(field('key', $.expression)),
    ),

    links: _ => 'links',

    path: $ => seq(
      'path',
      alias($._from, 'from'),
      field('from', $._sum),
      alias($._to, 'to'),
      field('to', $._sum),
    ),

    render: $ => seq('render', field('picture', choice('bar', 'line', 'timeline', 'heatmap', 'map', 'network'))),

    keys: $ => seq('by', list(field('key', $._column))),

    _column: $ => choice($.named_column, $.expression),

    // `a = b` names a column; in parentheses it compares.
    named_column: $ => prec(1, seq(field('name', $._word), '=', field('value', $.expression))),

    hole: _ => '?',

    // Expressions, the loosest operator first

    expression: $ => choice($.disjunction, $._conjunction),

    disjunction: $ => seq(field('left', $.expression), field('operator', 'or'), field('right', $._conjunction)),

    _conjunction: $ => choice($.conjunction, $._negation),

    conjunction: $ => seq(field('left', $._conjunction), field('operator', 'and'), field('right', $._negation)),

    _negation: $ => choice($.negation, $.every, $._comparison),

    negation: $ => seq(field('operator', 'not'), field('operand', $._negation)),

    every: $ => seq(field('operator', 'every'), field('operand', $._comparison)),

    _comparison: $ => choice($.comparison, $.membership, $.between, $.presence, $._range),

    comparison: $ => seq(
      field('left', $._range),
      field('operator', choice(
        '=', '!=', '<', '<=', '>', '>=', 'contains', 'matches',
        alias($._starts_with, 'starts with'),
        alias($._ends_with, 'ends with'),
      )),
      field('right', $._range),
    ),

    // Where an `in` could start a clause, it belongs to the condition before it.
    membership: $ => prec(1, seq(
      field('left', $._range),
      optional('not'),
      field('operator', 'in'),
      field('right', $._range),
      optional(seq(asOf($), field('as_of', $._range))),
    )),

    between: $ => seq(
      field('left', $._range),
      optional('not'),
      field('operator', 'between'),
      field('low', $._range),
      'and',
      field('high', $._range),
    ),

    presence: $ => seq(field('left', $._range), field('operator', 'is'), field('state', choice('missing', 'present'))),

    _range: $ => choice($.range, $._sum),

    range: $ => choice(
      seq(field('start', $._sum), '..', optional(seq($._operand_on_line, field('end', $._sum)))),
      seq('..', field('end', $._sum)),
    ),

    _sum: $ => choice($.sum, $._product),

    sum: $ => seq(field('left', $._sum), field('operator', choice('+', '-')), field('right', $._product)),

    _product: $ => choice($.product, $._sign),

    product: $ => seq(field('left', $._product), field('operator', choice('*', '/', '%')), field('right', $._sign)),

    _sign: $ => choice($.sign, $._path),

    sign: $ => seq(field('operator', '-'), field('operand', $._sign)),

    _path: $ => choice($.field_path, $._operand),

    field_path: $ => seq(field('operand', $._path), '.', field('field', $._field)),

    field: $ => seq('.', field('name', $._field)),

    _field: $ => choice($._name, $.hole),

    _operand: $ => choice(
      $._literal,
      $.field,
      $._operand_name,
      $.call,
      alias($._distinct_call, $.call),
      $.sub_query,
      $.group,
      $.list,
      $.hole,
    ),

    call: $ => seq(field('function', $._word), field('arguments', $.arguments)),

    arguments: $ => seq(alias($._call_open, '('), optional(list($.expression)), close($)),

    _distinct_call: $ => seq(
      field('function', $._word),
      field('arguments', alias($._distinct_arguments, $.arguments)),
    ),

    _distinct_arguments: $ => seq(alias($._call_open, '('), 'distinct', $.expression, close($)),

    group: $ => seq(open($), $.expression, close($)),

    list: $ => seq(
      open($),
      $.expression,
      choice(',', seq(repeat1(seq(',', $.expression)), optional(','))),
      close($),
    ),

    // Literals

    _literal: $ => choice(
      $._number, $.date, $.duration, $.relative_date, $.text, $.parameter, $.boolean, $.missing,
    ),

    _number: $ => choice($.integer, $.float),

    duration: $ => seq(field('number', $._number), field('unit', $.unit)),

    // A word of time is a date where it could be a source too.
    relative_date: $ => prec.dynamic(2, choice(
      'today',
      'yesterday',
      seq(field('number', $._number), field('unit', $.unit), alias($._ago, 'ago')),
      seq(choice('this', 'last'), field('unit', alias($._period_unit, $.unit))),
    )),

    boolean: _ => choice('true', 'false'),

    missing: _ => 'missing',

    // Tokens

    _name: $ => choice($.name, $.quoted_name),

    // A name where `sequence` or a word of time could stand too.
    _word: $ => choice($._name, ...names($, 'sequence', 'today', 'yesterday', 'this', 'last')),

    _source_name: $ => $._word,

    _operand_name: $ => choice($._name, ...names($, 'sequence', 'this', 'last')),

    name: _ => /[A-Za-z_][A-Za-z0-9_]*/,

    quoted_name: _ => /`[^`\r\n]+`/,

    text: $ => choice(
      seq('"', repeat(choice(token.immediate(prec(1, /[^"\\]+/)), $.escape)), token.immediate('"')),
      seq('\'', repeat(choice(token.immediate(prec(1, /[^'\\]+/)), $.escape)), token.immediate('\'')),
    ),

    escape: _ => token.immediate(/\\([nt\\"']|u\{[0-9A-Fa-f]{1,6}\})/),

    parameter: _ => /\$[A-Za-z_][A-Za-z0-9_]*/,

    comment: _ => /#[^\r\n]*/,
  },
});
