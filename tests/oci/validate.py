#!/usr/bin/python3
"""Say where a JSON document breaks a schema of the OCI specification.

    tests/oci/validate.py SCHEMA FILE

The schemas refer to each other by file name; nothing is fetched.
"""
import json
import pathlib
import sys

import jsonschema

directory = pathlib.Path(__file__).resolve().parent / "schema"


def load(path):
    with open(path, encoding="utf-8") as file:
        return json.load(file)


schema = load(directory / sys.argv[1])
resolver = jsonschema.RefResolver(directory.as_uri() + "/", schema)
validator = jsonschema.Draft4Validator(schema, resolver=resolver)
errors = list(validator.iter_errors(load(sys.argv[2])))
for error in errors:
    print(".".join(str(each) for each in error.absolute_path), error.message, sep=": ")
sys.exit(1 if errors else 0)
