import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.stream.XMLInputFactory;

class Parsing {
  void open(InputStream in) throws Exception {
    // ruleid: java-xxe-parser
    DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
    factory.newDocumentBuilder().parse(in);
    // ruleid: java-xxe-parser
    XMLInputFactory streams = XMLInputFactory.newInstance();
    streams.createXMLStreamReader(in);
    // ruleid: java-xxe-parser
    SAXParserFactory.newInstance().newSAXParser().parse(in, handler);
    // ruleid: java-xxe-parser
    SAXReader reader = new SAXReader();
    reader.read(in);
  }

  void closed(InputStream in) throws Exception {
    // ok: java-xxe-parser
    DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
    factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
    factory.newDocumentBuilder().parse(in);
    // ok: java-xxe-parser
    XMLInputFactory streams = XMLInputFactory.newInstance();
    streams.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    // ok: java-xxe-parser
    TransformerFactory transformers = TransformerFactory.newInstance();
    transformers.setAttribute(XMLConstants.ACCESS_EXTERNAL_DTD, "");
  }
}
