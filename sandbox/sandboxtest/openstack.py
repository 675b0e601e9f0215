#!/usr/bin/python3 -IS
"""The openstack command, which takes most of a second to load, loaded once. As a server it
runs the command in a fork for each that asks, until its input ends; else it asks the server
beside it to run the command in its place."""
import json
import os
import socket
import sys

name = os.path.join(os.path.dirname(os.path.abspath(__file__)), 'socket')
ears = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)


def ask():
    ears.connect(name)
    socket.send_fds(ears, [json.dumps([sys.argv[1:], os.getcwd(), dict(os.environ)]).encode()], [0, 1, 2])
    sys.exit(json.loads(ears.recv(100) or '255'))


def run(asker):
    request, streams, _, _ = socket.recv_fds(asker, 1 << 20, 3)
    args, folder, variables = json.loads(request)
    for n, stream in enumerate(streams):
        os.dup2(stream, n)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(variables)
    importlib.reload(loader)  # which lists folders when it is loaded
    importlib.reload(client_config)
    code = 255
    try:
        code = shell.main(args)
    except SystemExit as e:
        code = e.code
    finally:
        sys.stdout.flush()
        asker.send(json.dumps(code).encode())
        os._exit(0)


def load():
    """Loads what a command loads only when it runs, and so would anew in each fork: one
    without a cloud, in a fork of its own, says what that is."""
    told, teller = os.pipe()
    if os.fork() == 0:
        nothing = os.open(os.devnull, os.O_RDWR)
        for stream in 0, 1, 2:
            os.dup2(nothing, stream)
        os.environ.clear()
        try:
            shell.main(['security', 'group', 'list'])
        finally:
            os.write(teller, '\n'.join(sys.modules).encode())
            os._exit(0)
    os.close(teller)
    with open(told) as names:
        for name in names.read().split('\n'):
            with contextlib.suppress(ImportError):  # some modules make others
                importlib.import_module(name)
    # Which package each module is of, for the last line of a command's help.
    getattr(command, '_get_distributions_by_modules', dict)()


def serve():
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    load()
    ears.bind(name)
    ears.listen(100)
    print(flush=True)
    while ears in select.select([ears, 0], [], [])[0]:
        asker, _ = ears.accept()
        if os.fork() == 0:
            run(asker)
        asker.close()
    shutil.rmtree(os.path.dirname(name))


if sys.flags.isolated:
    ask()
import contextlib
import importlib
import select
import shutil
import signal

from cliff import command
from openstack.config import loader
from openstackclient import shell
from osc_lib.cli import client_config
serve()
