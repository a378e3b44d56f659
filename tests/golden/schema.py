# Holds configurations against etc/taskforce.schema.json with a validator that
# is not ours: what loads must validate, and of what does not load all that a
# schema can see must be refused.
#
#	python3 tests/golden/schema.py SCHEMA OK-FILE ... -- BAD-FILE ...

import json
import os
import sys

import jsonschema
import yaml

# What no schema can see, by the kind of reason.  A file that is listed here
# and refused, or not listed and taken, fails the test.
BLIND = {
    'a key written twice is one key to a YAML reader': '''
        bad-duplicate-key bad-duplicate-many bad-duplicate-quoted
        bad-duplicate-task bad-duplicate-top''',
    'a condition stands for what the context makes of it': '''
        bad-conditional-places bad-control-two bad-cwd-two
        bad-event-conditional
        bad-cwd-two-nested bad-define-two bad-start-only-conditions''',
    'a {NAME} stands for what the context makes of it': '''
        bad-count-instance bad-event-path-instance bad-late-define
        bad-requires-instance bad-roles-instance bad-seconds-pid
        bad-user-pid''',
    'it is about another task or command': '''
        bad-event-command bad-onexit-unknown bad-onexit-wait
        bad-requires-cycle bad-requires-cycles bad-requires-near
        bad-requires-self bad-requires-unknown''',
    'it is about this host': '''
        bad-control-group bad-host-cwd bad-host-cwd-file bad-host-group
        bad-host-group-of-two bad-host-group-privilege
        bad-host-path-defined bad-host-privilege
        bad-host-program bad-host-program-directory bad-host-program-empty
        bad-host-program-mode bad-host-program-path bad-host-stop-program
        bad-host-uid bad-host-user bad-http-long-path''',
    'addresses have a grammar of their own': '''
        bad-http-after-bracket bad-http-bracket bad-http-port
        bad-http-port-alone bad-http-port-large bad-http-port-zero
        bad-listen-number''',
    'it is about another listener': 'bad-http-twice bad-http-twice-flag',
    'a schema counts letters, not bytes': 'bad-task-name-bytes',
    'the command line may change it': '''
        bad-http-client-ca bad-http-client-ca-flag bad-http-flag-port''',
    'it counts only what has a value': 'bad-commands-many bad-start-nulls',
    'it is about the roles file':
        'bad-roles-long bad-roles-name bad-roles-nul',
    'JSON has no such number': 'bad-seconds-nan',
    'words may be empty, but these may not': 'bad-event-path-empty',
}

# What loads, but not with this YAML reader: a tag before a comma, and "<<"
# as a value.
UNREAD = 'ok-tags ok-merge'.split()


class Loader(yaml.SafeLoader):
    """YAML 1.1 with its types, but keys as they are written and no dates,
    which JSON does not have."""


Loader.yaml_implicit_resolvers = {
    first: [(tag, regexp) for tag, regexp in resolvers
            if tag not in ('tag:yaml.org,2002:timestamp',
                           'tag:yaml.org,2002:value')]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def construct_map(loader, node):
    loader.flatten_mapping(node)
    return {key.value: loader.construct_object(value, deep=True)
            for key, value in node.value}


Loader.add_constructor('tag:yaml.org,2002:map', construct_map)


def main():
    split = sys.argv.index('--')
    with open(sys.argv[1]) as f:
        schema = json.load(f)
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    bad = 0

    def complain(path, what):
        nonlocal bad
        bad += 1
        print('%s: %s' % (path, what))

    def errors(path):
        """What the schema finds wrong; None: no YAML to begin with."""
        with open(path, 'rb') as f:
            try:
                tree = yaml.load(f, Loader)
            except (yaml.YAMLError, ValueError, TypeError,
                    AttributeError):
                return None
        return ['%s: %s' % (e.json_path, e.message[:200])
                for e in validator.iter_errors(tree)]

    for path in sys.argv[2:split]:
        found = errors(path)
        if (found is None) != (os.path.basename(path)[:-3] in UNREAD):
            complain(path, 'is no YAML' if found is None else
                     'is YAML, though listed')
        for e in found or []:
            complain(path, e)

    listed = {name: why for why, names in BLIND.items()
              for name in names.split()}
    caught = unread = 0
    for path in sys.argv[split + 1:]:
        name = os.path.basename(path)[:-len('.in')]
        found = errors(path)
        if found is None:
            unread += 1
        elif found:
            caught += 1
        if found is None or found:
            if name in listed:
                complain(path, 'is seen, though listed: ' + listed[name])
        elif name not in listed:
            complain(path, 'is not seen')
        listed.pop(name, None)
    for name in listed:
        complain(name, 'is listed, but not there')
    print('%d load and validate; of those that do not load %d are refused, '
          '%d are no YAML, %d cannot be seen' %
          (split - 2, caught, unread, len(sys.argv) - split - 1 - caught -
           unread))
    return bad > 0


sys.exit(main())
