"""Settings of deployment that open or close a door in a form that words do not see: attributes of XML, `USER root`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from gate.core.area.model import TEXT_CHARACTERS, Touch
from gate.core.secrets import mask_tokens

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gate.core.change import FileChange

MAX_COLUMNS = 500
_DOCKERFILE = r"(?:^|/)[^/]*(?:docker|container)file[^/]*$"
#: (names of files, area, rule, what stands in a line); of comments nothing counts.
_SETTINGS = tuple(
    (re.compile(name), area, rule, re.compile(line))
    for name, area, rule, line in (
        (
            r"\.(?:xml|config)$",
            "authz",
            "L2.access-rule",
            (
                r"(?:^|.*?[\s<])(?:<?(?:security-constraint|auth-constraint|security-role|login-config|run-as|uses-permission|allow-access-from)\b"
                r"|android:(?:exported|permission|debuggable|allowBackup)\s*=|<(?:\w+:)?intercept-url\b|<(?:authorization|authentication|machineKey|location)\b)"
            ),
        ),
        (r"\.(?:xml|plist)$", "crypto", "L2.cleartext-traffic", r".*?(?:usesCleartextTraffic|cleartextTrafficPermitted|NSAllows(?:ArbitraryLoads|LocalNetworking)|NSExceptionAllowsInsecure|<certificates\b)"),
        (r"\.(?:json|ya?ml|tf|template)$", "authz", "L2.access-rule", r"\s*(?:-\s+)?\"?(?:(?:Not)?(?:Action|Principal|Resource)\"?\s*[:=]\s*[\"\[{*]|Effect\"?\s*[:=]\s*\"?(?:Allow|Deny)\b)"),
        (r"\.(?:tf|tofu)$", "authz", "L2.access-rule", r"\s*(?:resource|data)\s+\"\w*(?:_iam_|security_group|_acl\b|firewall|_policy\b|role_assignment|role_binding)|.*\b(?:Not)?(?:Action|Principal)s?\s*=\s*[\"\[{]"),
        (r"\.ya?ml$", "authz", "L2.access-rule", r"\s*(?:-\s+)?(?:(?:verbs|apiGroups|resourceNames|cap_add|cap_drop)\s*:|kind\s*:\s*(?:Cluster)?Role(?:Binding)?\b|kind\s*:\s*(?:AuthorizationPolicy|NetworkPolicy)\b|(?:network_mode|pid|ipc)\s*:\s*[\"']?host\b|user\s*:\s*[\"']?(?:root|0)\b)"),
        (_DOCKERFILE, "authz", "L2.access-rule", r"\s*USER\s+\S"),
        (r"\.(?:service|socket|timer)$", "authz", "L2.access-rule", r"\s*(?:User|Group|DynamicUser|NoNewPrivileges|CapabilityBoundingSet|AmbientCapabilities|ProtectSystem|ProtectHome|SystemCallFilter)\s*="),
        (r"(?:^|/)(?:\.htaccess|httpd\.conf|apache2?\.conf)$", "authz", "L2.access-rule", r"(?i:\s*(?:require|allow\s+from|deny\s+from|satisfy|order|authtype|authuserfile)\b)"),
        (r"\.(?:ya?ml|properties)$", "auth", "L2.security-configuration", r"[^#]*SecurityAutoConfiguration"),
        (r"\.(?:html?|ejs|erb|hbs|njk|j2|jinja2?|twig|php)$", "data", "L2.content-security-policy", r"(?i:.*?http-equiv\s*=\s*[\"']?content-security-policy)"),
    )
)  # fmt: skip
_REMARK = re.compile(r"\s*(?:#|//|;|<!--)")


def settings(file: FileChange) -> Iterator[Touch]:
    """Yield a touch for the first changed line of each side that has a setting of an area."""
    lowered = file.path.casefold()
    for name, area, rule, wanted in _SETTINGS:
        if name.search(lowered) is None:
            continue
        for side in ("old", "new"):
            for hunk in file.hunks:
                start, lines = (hunk.old_start, hunk.old) if side == "old" else (hunk.new_start, hunk.new)
                hit = next(
                    (
                        (number, line)
                        for number, line in enumerate(lines, start)
                        if wanted.match(line[:MAX_COLUMNS]) and not _REMARK.match(line)
                    ),
                    None,
                )
                if hit:
                    text = mask_tokens(hit[1].strip()[: 4 * TEXT_CHARACTERS])[:TEXT_CHARACTERS]
                    yield Touch(
                        area=area, layer="L2", rule=rule, path=file.path, line=hit[0], side=side, text=text
                    )
                    break
