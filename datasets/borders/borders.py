#!/usr/bin/env python3
"""Makes src/render/picture/borders.txt of countries-110m.json, which README.md says where to get.

    python3 datasets/borders/borders.py countries-110m.json > src/render/picture/borders.txt
"""

import json
import sys

# How far a point may lie from a straight line and be left out, in degrees.
TOLERANCE = 0.35
# Lands that stand by themselves in the file and are parts of countries in the maps of the United Nations.
PART_OF = {"N. Cyprus": "196", "Somaliland": "706"}
# Kosovo has no number of M49.
NO_NUMBER = "-"
# Crimea is one of the polygons of Russia in the file; A/RES/68/262 of the General Assembly.
RUSSIA, UKRAINE, CRIMEA = "643", "804", (32.4, 36.7, 44.3, 46.3)
ANTARCTICA = "010"


def main(path):
    with open(path, encoding="utf-8") as file:
        topology = json.load(file)
    arcs = [simplified(points(arc, topology["transform"])) for arc in topology["arcs"]]
    countries = {}
    for country in topology["objects"]["countries"]["geometries"]:
        number = PART_OF.get(country["properties"]["name"], country.get("id", NO_NUMBER))
        polygons = country["arcs"] if country["type"] == "MultiPolygon" else [country["arcs"]]
        for ring in (ring for polygon in polygons for ring in polygon):
            joined = join(ring, arcs)
            owner = UKRAINE if number == RUSSIA and lies_in(joined, CRIMEA) else number
            if owner != ANTARCTICA:
                countries.setdefault(owner, []).append(joined)
    for number in sorted(countries):
        for ring in (part for ring in without_inner_borders(countries[number]) for part in parted(ring)):
            if len(ring) > 2:
                print(number, " ".join(f"{x},{y}" for x, y in ring))


def points(arc, transform):
    """The points of an arc in degrees; the file has differences of whole numbers."""
    x = y = 0
    found = []
    for right, up in arc:
        x, y = x + right, y + up
        found.append((x * transform["scale"][0] + transform["translate"][0],
                      y * transform["scale"][1] + transform["translate"][1]))
    return found


def simplified(arc):
    """The arc by Douglas and Peucker, in tenths of degrees. Arcs that countries share stay shared."""
    keep = {0, len(arc) - 1}
    if arc[0] == arc[-1]:
        keep.add(max(range(len(arc)), key=lambda at: distance(arc[at], arc[0], arc[0])))
    ends = sorted(keep)
    pending = list(zip(ends, ends[1:]))
    while pending:
        first, last = pending.pop()
        between = range(first + 1, last)
        if between:
            furthest = max(between, key=lambda at: distance(arc[at], arc[first], arc[last]))
            if distance(arc[furthest], arc[first], arc[last]) > TOLERANCE:
                keep.add(furthest)
                pending += [(first, furthest), (furthest, last)]
    found = [tuple(round(part * 10) for part in arc[at]) for at in sorted(keep)]
    return [point for at, point in enumerate(found) if at == 0 or point != found[at - 1]]


def distance(point, start, end):
    (x, y), (x1, y1), (x2, y2) = point, start, end
    length = (x2 - x1) ** 2 + (y2 - y1) ** 2
    along = max(0, min(1, ((x - x1) * (x2 - x1) + (y - y1) * (y2 - y1)) / length)) if length else 0
    return ((x - x1 - along * (x2 - x1)) ** 2 + (y - y1 - along * (y2 - y1)) ** 2) ** 0.5


def join(ring, arcs):
    found = []
    for arc in ring:
        part = arcs[arc] if arc >= 0 else arcs[~arc][::-1]
        found += part[1:] if found else part
    return found


def lies_in(ring, box):
    left, right, low, high = (side * 10 for side in box)
    return all(left <= x <= right and low <= y <= high for x, y in ring)


def without_inner_borders(rings):
    """The rings of a country, those that touch joined: a line walked in both directions is no border."""
    edges = [edge for ring in rings for edge in zip(ring, ring[1:])]
    both = {edge for edge in edges if edge[::-1] in set(edges)}
    if not both:
        return rings
    onward = {}
    for start, end in edges:
        if (start, end) not in both:
            onward.setdefault(start, []).append(end)
    joined = []
    while onward:
        ring = [next(iter(onward))]
        while ring[-1] in onward:
            following = onward[ring[-1]].pop()
            if not onward[ring[-1]]:
                del onward[ring[-1]]
            ring.append(following)
        joined.append(ring)
    return joined


def parted(ring):
    """A ring that goes over the edge of the map, in two; without its last point, which is the first again."""
    ring = ring[:-1]
    edge = 1800
    if max((x for x, _ in ring), default=0) - min((x for x, _ in ring), default=0) <= edge:
        return [ring]
    ring = [(x + 2 * edge if x < 0 else x, y) for x, y in ring]
    west = [(x - 2 * edge, y) for x, y in cut(ring, edge, lambda x: x >= edge)]
    return [cut(ring, edge, lambda x: x <= edge), west]


def cut(ring, edge, is_inside):
    """The part of a ring on one side of an edge, by Sutherland and Hodgman."""
    found = []
    for (x1, y1), (x2, y2) in zip(ring, ring[1:] + ring[:1]):
        if is_inside(x1):
            found.append((x1, y1))
        if is_inside(x1) != is_inside(x2):
            found.append((edge, round(y1 + (y2 - y1) * (edge - x1) / (x2 - x1))))
    return [point for at, point in enumerate(found) if point != found[at - 1]]


if __name__ == "__main__":
    main(sys.argv[1])
