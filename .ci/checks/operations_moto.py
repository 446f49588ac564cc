"""moto's server, in which a user can have keys that another server issued.

usage: operations_moto.py PORT

A command that talks to Lambda and to Application Auto Scaling signs with one pair of keys, and both servers have to know
it. The file OPERATIONS_KEYS has them by user: {"operator": ["AKIA…", "secret"]}.
"""

import json
import os
import sys

from moto.iam import models
from moto.server import main

make_key = models.AccessKey.__init__


def make_known_key(self, user_name, *arguments, **options):
    make_key(self, user_name, *arguments, **options)
    with open(os.environ["OPERATIONS_KEYS"]) as file:
        keys = json.load(file)
    if user_name in keys:
        self.access_key_id, self.secret_access_key = keys[user_name]


models.AccessKey.__init__ = make_known_key

if __name__ == "__main__":
    main(["-H", "127.0.0.1", "-p", sys.argv[1]])
