# Calls by the names of SDK functions with the texts they are given, found by Piranha's tree-sitter rules (it looks for
# code to rewrite; here nothing is). Arguments: a folder, a file with one name a line. A JSON object a line.
import json
import sys

from polyglot_piranha import PiranhaArguments, Rule, RuleGraph, execute_piranha

ECMASCRIPT = """((call_expression
  function: [(identifier) @name (member_expression property: (property_identifier) @name)]
  arguments: (arguments (string (string_fragment) @key))) @call %s)"""

# How the grammars call a call, its name and a text among its arguments, by Piranha's name of the language.
QUERIES = {
    "typescript": ECMASCRIPT,
    "tsx": ECMASCRIPT,
    "java": """((method_invocation name: (identifier) @name
      arguments: (argument_list (string_literal) @key)) @call %s)""",
    "kotlin": """((call_expression
      [(simple_identifier) @name (navigation_expression (navigation_suffix (simple_identifier) @name))]
      (call_suffix (value_arguments (value_argument (string_literal) @key)))) @call %s)""",
    "go": """((call_expression
      function: [(identifier) @name (selector_expression field: (field_identifier) @name)]
      arguments: (argument_list (interpreted_string_literal) @key)) @call %s)""",
    "python": """((call
      function: [(identifier) @name (attribute attribute: (identifier) @name)]
      arguments: (argument_list (string) @key)) @call %s)""",
    "ruby": """((call method: (identifier) @name
      arguments: (argument_list [(string) (simple_symbol)] @key)) @call %s)""",
}

tree, names_file = sys.argv[1:]
with open(names_file, encoding="utf-8") as file:
    names = file.read().split()
is_sdk = '(#match? @name "^(%s)$")' % "|".join(names)

for language, query in QUERIES.items():
    rules = RuleGraph(rules=[Rule(name="find", query=query % is_sdk)], edges=[])
    arguments = PiranhaArguments(language=language, paths_to_codebase=[tree], rule_graph=rules, dry_run=True)
    try:
        summaries = execute_piranha(arguments)
    except BaseException as error:  # It panics on some code, which ends this language only.
        print(f"{language}: {error}", file=sys.stderr)
        continue
    for summary in summaries:
        for _, match in summary.matches:
            key = match.matches.get("key", "").strip("\"'`:")
            row = {"path": summary.path, "line": match.range.start_point.row + 1, "key": key}
            print(json.dumps(row))
