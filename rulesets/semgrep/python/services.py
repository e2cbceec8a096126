import os
import subprocess

import docker
import strawberry
from flask_graphql import GraphQLView
from ariadne.asgi import GraphQL
from strawberry.fastapi import GraphQLRouter

# ruleid: py-resource-exhaustion-graphql-depth
schema = strawberry.Schema(query=Query)
# ok: py-resource-exhaustion-graphql-depth
limited = strawberry.Schema(query=Query, extensions=[limits])
# ruleid: py-information-exposure-graphql, py-resource-exhaustion-graphql-depth
app.add_url_rule("/graphql", view_func=GraphQLView.as_view("graphql", schema=schema, graphiql=True))
# ruleid: py-information-exposure-graphql, py-resource-exhaustion-graphql-depth
asgi = GraphQL(schema, introspection=True)
# ruleid: py-information-exposure-graphql
router = GraphQLRouter(schema, graphql_ide="graphiql")
# ok: py-information-exposure-graphql
router = GraphQLRouter(schema, graphql_ide=None)
# ok: py-information-exposure-graphql, py-resource-exhaustion-graphql-depth
view = GraphQLView.as_view("graphql", schema=schema, graphiql=DEBUG, validation_rules=rules)
# ok: py-information-exposure-graphql, py-resource-exhaustion-graphql-depth
quiet = GraphQL(schema, introspection=False, validation_rules=rules)


def become_root():
    # ruleid: py-privileges-root
    os.seteuid(0)


def drop(uid, gid):
    # ruleid: py-privileges-root
    os.setuid(uid)
    os.setgid(gid)


def drop_in_order(uid, gid):
    os.setgid(gid)
    # ok: py-privileges-root
    os.setuid(uid)


def restart_printer():
    # ruleid: py-privileges-root
    subprocess.run(["sudo", "systemctl", "restart", "cups"], check=True)


def start_builder(image):
    client = docker.from_env()
    # ruleid: py-privileges-root
    client.containers.run(image, detach=True, privileged=True)
    # ok: py-privileges-root
    client.containers.run(image, detach=True, cap_add=["NET_ADMIN"])
    # ok: py-privileges-root
    subprocess.run(["systemctl", "--user", "restart", "builder"], check=True)
