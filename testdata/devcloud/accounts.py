"""Adds to a fresh Keystone what the network API needs: its service, endpoint and user, and the project "demo".

accounts.py NETWORK_URL, with the cloud "admin" in clouds.yaml and the new users' password in PASSWORD.
"""

import os
import sys

import openstack

keystone = openstack.connect(cloud="admin").identity
password = os.environ["PASSWORD"]

service = keystone.create_service(name="neutron", type="network")
keystone.create_endpoint(
    service_id=service.id, interface="public", region_id="RegionOne", url=sys.argv[1]
)

for name, project_name, role in [
    ("neutron", "service", "admin"),
    ("demo", "demo", "member"),
]:
    project = keystone.create_project(name=project_name, domain_id="default")
    user = keystone.create_user(name=name, password=password, domain_id="default")
    keystone.assign_project_role_to_user(project, user, keystone.find_role(role))
