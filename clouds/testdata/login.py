"""Logs in as the openstack command does. Reads cases as lines of JSON, and answers each with one."""
import importlib
import importlib.metadata
import json
import os
import sys
import warnings

from openstack.config import loader
from openstackclient import shell
from osc_lib.cli import client_config

warnings.simplefilter('ignore')


def log_in(cloud):
    importlib.reload(loader)  # which lists folders when it is loaded
    importlib.reload(client_config)
    app = shell.OpenStackShell()
    app.options, _ = app.parser.parse_known_args(['--os-cloud', cloud] if cloud else [])
    app._final_defaults()

    def no_password(prompt=None):
        raise Exception('no password')

    config = client_config.OSC_Config(
        pw_func=no_password, override_defaults={'interface': 'public', 'auth_type': app._auth_type})
    region = config.get_one(cloud=app.options.cloud, argparse=app.options, validate=False)
    region._auth = config.load_auth_plugin(region.config)
    verify, cert = region.get_requests_verify_args()
    session = region.get_session()
    session.get_token()
    network = region.get_endpoint('network') or session.get_endpoint(
        service_type='network', interface=region.get_interface('network'), region_name=region.get_region_name('network'))
    if not network:
        raise Exception('no network service')
    return {'network': network, 'verify': verify, 'cert': [cert] if isinstance(cert, str) else cert}


start = dict(os.environ)
for line in sys.stdin:
    case = json.loads(line)
    os.environ.clear()
    os.environ.update(start)
    os.environ.update(case['env'])
    os.chdir(case['dir'])
    try:
        answer = log_in(case['cloud'])
    except BaseException as e:
        answer = {'error': '%s: %s' % (type(e).__name__, e)}
    answer['major'] = importlib.metadata.version('python-openstackclient').split('.')[0]
    print(json.dumps(answer), flush=True)
