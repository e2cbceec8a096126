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


def order(xml_text):
    # ruleid: py-xxe-parameter
    return etree.fromstring(xml_text)


def order_dom(payload):
    # ruleid: py-xxe-parameter
    return minidom.parseString(payload)


def order_from_terminal():
    # ruleid: py-xxe-parameter
    return ElementTree.fromstring(input("order: "))


def order_safe(xml_text):
    # ok: py-xxe-parameter
    return etree.fromstring(xml_text, etree.XMLParser(resolve_entities=False))


def order_without_declarations(xml_text):
    if "<!DOCTYPE" in xml_text:
        raise ValueError(xml_text)
    # ok: py-xxe-parameter
    return ElementTree.fromstring(xml_text)


def order_defused(xml_text):
    # ok: py-xxe-parameter
    return defusedxml.ElementTree.fromstring(xml_text)


def limits(text):
    # ruleid: py-xxe-expansion-limits
    etree.XMLParser(huge_tree=True, resolve_entities=False)
    # ruleid: py-xxe-expansion-limits
    etree.iterparse("orders.xml", huge_tree=True)
    # ruleid: py-xxe-expansion-limits
    defusedxml.ElementTree.fromstring("<a/>", forbid_entities=False)
    # ok: py-xxe-expansion-limits
    etree.XMLParser(huge_tree=False, resolve_entities=False)
    # ok: py-xxe-expansion-limits
    etree.XMLParser(dtd_validation=False)
    # ok: py-xxe-expansion-limits
    defusedxml.ElementTree.fromstring("<a/>", forbid_entities=True)
