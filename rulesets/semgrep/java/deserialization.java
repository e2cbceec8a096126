import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.beans.XMLDecoder;
import java.io.ObjectInputStream;
import org.yaml.snakeyaml.Yaml;

class Reading {
  void streams(InputStream in) throws Exception {
    ObjectInputStream objects = new ObjectInputStream(in);
    // ruleid: java-deserialization-object-stream
    Object first = objects.readObject();
    // ruleid: java-deserialization-object-stream
    Object second = new ObjectInputStream(in).readObject();
    XMLDecoder decoder = new XMLDecoder(in);
    // ruleid: java-deserialization-object-stream
    Object third = decoder.readObject();
    // ok: java-deserialization-object-stream
    Object fourth = mapper.readValue(in, Item.class);
    // ok: java-deserialization-object-stream
    Object fifth = reader.readObject();
  }

  void filtered(InputStream in) throws Exception {
    ObjectInputStream objects = new ObjectInputStream(in);
    objects.setObjectInputFilter(filter);
    // ok: java-deserialization-object-stream
    Object first = objects.readObject();
  }

  void types(ObjectMapper mapper) {
    // ruleid: java-deserialization-type-names
    mapper.enableDefaultTyping();
    // ruleid: java-deserialization-type-names
    mapper.activateDefaultTyping(LaissezFaireSubTypeValidator.instance);
    // ruleid: java-deserialization-type-names
    Object value = new Yaml().load(text);
    // ok: java-deserialization-type-names
    Object safe = new Yaml(new SafeConstructor(options)).load(text);
    // ok: java-deserialization-type-names
    mapper.activateDefaultTyping(validator);
    // ok: java-deserialization-type-names
    String written = new Yaml().dump(value);
  }
}
