; What each token is, for whoever colours it. No two patterns take the same token, so their order means nothing; a name
; that is a field or a value has no colour.

; Statements, clauses and stages

[
  "let"
  "expect"
  "use"
  "since"
  "until"
  "before"
  "after"
  "during"
  "where"
  "possibly"
  "select"
  "derive"
  "sort"
  "take"
  "skip"
  "top"
  "first"
  "distinct"
  "expand"
  "count"
  "summarize"
  "gap"
  "pivot"
  "fill"
  "followed"
  "preceded"
  "rolling"
  "running"
  "union"
  "intersect"
  "except"
  "join"
  "path"
  "render"
  "sequence"
  "latest"
  "all"
  "by"
  "per"
  "on"
  "within"
  "as"
  "asc"
  "desc"
  "from"
  "to"
  (share)
  (cite)
  (links)
] @keyword

(place "in" @keyword)

(side ["of" "with"] @keyword)

(last "last" @keyword)

(step "not" @keyword)

; Operators

[
  "or"
  "and"
  "every"
  "contains"
  "matches"
  "starts with"
  "ends with"
  "between"
  "is"
  "as of"
] @keyword.operator

(membership ["not" "in"] @keyword.operator)

(between "not" @keyword.operator)

(negation "not" @keyword.operator)

[
  "="
  "!="
  "<"
  "<="
  ">"
  ">="
  "+"
  "-"
  "*"
  "/"
  "%"
  ".."
  "|"
] @operator

; Names

(query source: [(name) (quoted_name)] @type)

(call function: [(name) (quoted_name)] @function)

(let name: [(name) (quoted_name)] @function)

(parameters [(name) (quoted_name)] @variable.parameter)

(named_column name: [(name) (quoted_name)] @variable)

(step name: [(name) (quoted_name)] @variable)

(field_path field: [(name) (quoted_name)] @property)

(field name: [(name) (quoted_name)] @property)

(parameter) @variable.parameter

; Literals

(integer) @number

(float) @number.float

[(unit) (date)] @constant

(relative_date ["today" "yesterday" "this" "last" "ago"] @constant.builtin)

(presence ["missing" "present"] @constant.builtin)

(render picture: _ @constant.builtin)

["anyone" (missing)] @constant.builtin

(boolean) @boolean

(text) @string

(escape) @string.escape

; The rest

["(" ")" "[" "]" "{" "}"] @punctuation.bracket

["," ";" ":" "."] @punctuation.delimiter

(hole) @character.special

(comment) @comment
