"""Settings of deployment that open or close a door in a form that words do not see."""

from __future__ import annotations

import pytest

from tests.core.test_area_words import read


def rules(path: str, old: str, new: str) -> set[tuple[str, str]]:
    return {(t.area, t.rule) for t in read(path, old, new).touches if t.layer == "L2"}


@pytest.mark.parametrize(
    ("path", "line", "area", "rule"),
    [
        ("app/web.xml", "  <auth-constraint/>", "authz", "L2.access-rule"),
        ("app/AndroidManifest.xml", '<activity android:exported="true"/>', "authz", "L2.access-rule"),
        ("app/AndroidManifest.xml", '<application android:usesCleartextTraffic="true"/>', "crypto", "L2.cleartext-traffic"),
        ("deploy/a.json", '  "Action": "*",', "authz", "L2.access-rule"),
        ("deploy/a.yaml", "    Effect: Allow", "authz", "L2.access-rule"),
        ("main.tf", 'resource "aws_iam_policy" "x" {', "authz", "L2.access-rule"),
        ("k8s/a.yaml", '- verbs: ["*"]', "authz", "L2.access-rule"),
        ("k8s/a.yaml", "kind: AuthorizationPolicy", "authz", "L2.access-rule"),
        ("docker-compose.yml", "    network_mode: host", "authz", "L2.access-rule"),
        ("Dockerfile", "USER root", "authz", "L2.access-rule"),
        ("a.service", "User=root", "authz", "L2.access-rule"),
        ("www/.htaccess", "Require all granted", "authz", "L2.access-rule"),
        ("application.yml", "  exclude: org.x.SecurityAutoConfiguration", "auth", "L2.security-configuration"),
        ("a.html", '<meta http-equiv="Content-Security-Policy" content="*">', "data", "L2.content-security-policy"),
    ],
)  # fmt: skip
def test_a_setting_counts_where_it_comes_and_where_it_goes(path, line, area, rule):
    for old, new in (("a\n", f"a\n{line}\n"), (f"a\n{line}\n", "a\n")):
        assert (area, rule) in rules(path, old, new)


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("app/layout.xml", '<TextView android:text="Action"/>'),
        ("a.json", '  "action": "save",'),
        ("a.yaml", "# USER root"),
        ("a.yaml", "kind: Deployment"),
        ("Dockerfile", "# USER root"),
        ("main.tf", 'resource "aws_instance" "x" {'),
        ("docs/.htaccess.md", "Require all granted"),
    ],
)
def test_other_settings_do_not(path, line):
    assert not {rule for _, rule in rules(path, "a\n", f"a\n{line}\n")} & {"L2.access-rule"}
