"""What kind of file a path names: whether it can hold behaviour, and whether it is a test."""

from __future__ import annotations

import re
from enum import StrEnum


class Kind(StrEnum):
    """The kind of a file by its name alone."""

    CODE = "code"  # also templates, queries, schemas
    CONFIG = "config"
    PROSE = "prose"
    TRANSLATION = "translation"
    STYLE = "style"
    MEDIA = "media"
    LOCK = "lock"
    OTHER = "other"


#: Extensions of pages with code in them, whatever language they are made by.
PAGES = frozenset(
    [
        "html",
        "htm",
        "erb",
        "ejs",
        "hbs",
        "handlebars",
        "mustache",
        "jinja",
        "jinja2",
        "j2",
        "twig",
        "cshtml",
        "tmpl",
        "vue",
        "svelte",
    ]
)
_EXTENSIONS = {
    Kind.CODE: """
        py pyi pyx ipynb js jsx mjs cjs ts tsx mts cts vue svelte astro java kt kts scala groovy clj cljs
        go rs c h cc cpp cxx hh hpp m mm swift cs fs vb rb erb rake php phtml pl pm lua r jl ex exs eex heex
        leex erl hrl elm hs ml mli nim zig dart sol cr d pas sh bash zsh fish ksh ps1 psm1 bat cmd awk tcl
        html htm xhtml jinja jinja2 j2 tmpl tpl mustache hbs handlebars ejs pug haml slim twig liquid ftl
        jsp jspx jspf asp aspx ascx asmx ashx cshtml razor templ njk jte mjml marko
        coffee litcoffee rmd qmd cls trigger vbs bas pas pp cob cbl f90 adb ads lisp scm rkt purs res fsx csx gd ino cu
        hack pyw tac wsgi cgi fcgi cfm cfc vy cairo move fga rules applescript ahk jsonnet libsonnet cue dhall star
        sql psql plsql ddl graphql gql prisma cypher hql proto avsc xsd thrift wsdl rego cedar polar""",
    Kind.CONFIG: """
        yml yaml toml json jsonc json5 ini cfg conf config env properties xml plist tf tfvars hcl nix bicep
        gradle cmake mk bazel bzl dockerfile service htaccess cnf rc editorconfig nomad""",
    Kind.PROSE: "md mdx markdown rst txt adoc asciidoc textile org pdf doc docx odt rtf tex",
    Kind.TRANSLATION: "po pot mo xlf xliff strings stringsdict arb resx",
    Kind.STYLE: "css scss sass less styl pcss",
    Kind.MEDIA: """
        png jpg jpeg gif webp avif bmp ico icns tif tiff svg eps psd woff woff2 ttf otf eot mp3 mp4 m4a m4v
        wav ogg oga ogv flac webm mov avi mkv""",
}
_LOCKS = """
    package-lock.json npm-shrinkwrap.json yarn.lock pnpm-lock.yaml bun.lock bun.lockb poetry.lock pdm.lock uv.lock
    pylock.toml pipfile.lock cargo.lock gemfile.lock composer.lock go.sum mix.lock flake.lock packages.lock.json
    project.lock.json gradle.lockfile podfile.lock pubspec.lock deno.lock"""
_KIND_OF_EXTENSION = {ext: kind for kind, exts in _EXTENSIONS.items() for ext in exts.split()}
_KIND_OF_NAME = {
    **dict.fromkeys(
        ["readme", "license", "licence", "changelog", "authors", "notice", "contributing"], Kind.PROSE
    ),
    **dict.fromkeys(["cmakelists.txt", "dockerfile", "containerfile", "makefile", "justfile"], Kind.CONFIG),
    **dict.fromkeys(["jenkinsfile", "gemfile", "rakefile", "vagrantfile", "procfile"], Kind.CODE),
    **dict.fromkeys(_LOCKS.split(), Kind.LOCK),
}
_TRANSLATION_FOLDER = re.compile(
    r"(?:^|/)(?:locales?|i18n|l10n|translations?|langs?|lc_messages|locali[sz]ations?)/"
)
_TRANSLATION_DATA = frozenset({"json", "json5", "yml", "yaml", "properties", "ini", "toml"})
#: Programs that only hold the texts of one language: `lang/uk_UA.js`.
_TRANSLATION_CODE = re.compile(r"(?:^|/)[a-z]{2,3}(?:[_-][a-z]{2,4})?\.(?:js|ts|php|py|rb)$")

#: Lists of patterns and names without an extension; no words are looked for in them.
_GIT_FILE = re.compile(r"\.(?:[\w-]*ignore|gitattributes|gitmodules|gitkeep|keep|mailmap)$|codeowners$")

_TEST_PATH = re.compile(
    r"(?:^|/)(?:"
    r"(?:tests?|__tests__|testdata|e2e|cypress|__mocks__|__snapshots__)/"
    r"|(?:test_[^/]*|[^/]*_tests?|conftest)\.py$"
    r"|[^/]*_test\.(?:go|c|cc|cpp|exs|dart|rb|php)$"
    r"|[^/]*[._-](?:test|spec)\.(?:[cm]?[jt]sx?|vue)$"
    r"|[^/]*_spec\.rb$|spec/[^\n]*\.rb$"
    r")"
)
#: Compilers and autoloaders take every class of a folder, whatever its name: only in a folder of tests it is one.
_TEST_CLASS = re.compile(
    r"(?i:(?:^|/)(?:[^/]*tests?|[^/]*specs?|it)/)(?:[^/]*/)*[^/]*[a-z0-9](?:Tests?|TestCase|IT|Spec)\.(?:java|kt|scala|groovy|cs|swift|php)$"
)
#: What is built or found by a framework because of the folder it lies in, so that a folder of tests below it is none.
_TAKEN = re.compile(
    r"(?:^|/)src/main/|(?:^|/)app/(?:controllers|models|policies|helpers|jobs|mailers|services|channels|graphql|middleware|http)/"
    r"|(?:^|/)(?:migrations|management/commands|db/migrate|templatetags)/"
)
#: Files that a router finds by name, in folders of any name.
_ROUTE = re.compile(
    r"(?:^|/)(?:route|page|layout|middleware|\+(?:page|layout|server)(?:\.server)?)\.[cm]?[jt]sx?$"
)
_ROUTED = re.compile(r"(?:^|/)(?:app|pages|routes)/(?:[^/]+/)*(?:tests?|e2e|cypress)/")


def extension(path: str) -> str:
    """Return the last extension in lower case without its dot; empty for `Makefile` and `.bashrc`-like names."""
    name = path.rsplit("/", 1)[-1]
    return name.rsplit(".", 1)[1].casefold() if "." in name[1:] else ""


def kind_of(path: str) -> Kind:
    """Return the kind of file that `path` names. An unknown extension is OTHER, which counts as behaviour."""
    lowered = path.casefold()
    name = lowered.rsplit("/", 1)[-1]
    if (kind := _KIND_OF_NAME.get(name)) is not None:
        return kind
    ext = extension(lowered)
    if _TRANSLATION_FOLDER.search(lowered) and (
        ext in _TRANSLATION_DATA or _TRANSLATION_CODE.search(lowered)
    ):
        return Kind.TRANSLATION
    if name.startswith(".env"):
        return Kind.CONFIG
    if not ext and _GIT_FILE.match(name):
        return Kind.OTHER
    if not ext:
        return Kind.CONFIG if name.endswith("rc") else Kind.CODE  # scripts often have no extension
    return _KIND_OF_EXTENSION.get(ext, Kind.OTHER)


def is_test(path: str) -> bool:
    """Whether a path is that of a test by the usual names of folders and files."""
    lowered = path.casefold()
    if _TEST_PATH.search(lowered) is None and _TEST_CLASS.search(path) is None:
        return False
    return not (_TAKEN.search(lowered) or (_ROUTED.search(lowered) and _ROUTE.search(lowered)))


def may_behave(path: str, *, wide: bool) -> bool:
    """Whether the words of a path are evidence: not for prose, translations, styles, media, locks and tests.

    With `wide` they always are.
    """
    quiet = (Kind.PROSE, Kind.TRANSLATION, Kind.STYLE, Kind.MEDIA, Kind.LOCK)
    return wide or (kind_of(path) not in quiet and not is_test(path))


def is_read(path: str, *, wide: bool) -> bool:
    """Whether the lines of a file are looked at for words: code and configuration, tests only with `wide`."""
    return kind_of(path) in (Kind.CODE, Kind.CONFIG) and (wide or not is_test(path))
