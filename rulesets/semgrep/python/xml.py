import xml.sax
import xml.sax.handler
from xml.dom import minidom
from xml.etree import ElementTree

import defusedxml.ElementTree
from flask import request
from lxml import etree


def parsers(flag):
    # ruleid: py-xxe-parser
    etree.XMLParser(resolve_entities=True)
    # ruleid: py-xxe-parser
    etree.XMLParser(load_dtd=True, no_network=False)
    reader = xml.sax.make_parser()
    # ruleid: py-xxe-parser
    reader.setFeature(xml.sax.handler.feature_external_ges, True)
    # ok: py-xxe-parser
    etree.XMLParser(resolve_entities=False)
    # ok: py-xxe-parser
    etree.XMLParser()
    # ok: py-xxe-parser
    reader.setFeature(xml.sax.handler.feature_external_ges, False)
    # ok: py-xxe-parser
    etree.XMLParser(resolve_entities=flag)


def from_request(path):
    # ruleid: py-xxe-request
    etree.fromstring(request.data)
    text = request.form["xml"]
    # ruleid: py-xxe-request
    minidom.parseString(text)
    # ruleid: py-xxe-request
    ElementTree.parse(request.files["file"])
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    # ok: py-xxe-request
    etree.fromstring(request.data, parser)
    # ok: py-xxe-request
    defusedxml.ElementTree.fromstring(text)
    # ok: py-xxe-request
    ElementTree.parse(path)
