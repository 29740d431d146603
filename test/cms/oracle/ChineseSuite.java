import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.Security;
import java.util.ArrayList;
import java.util.List;
import org.bouncycastle.asn1.ASN1InputStream;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.asn1.cms.AuthEnvelopedData;
import org.bouncycastle.asn1.cms.ContentInfo;
import org.bouncycastle.asn1.cms.GCMParameters;
import org.bouncycastle.asn1.cms.KeyTransRecipientInfo;
import org.bouncycastle.asn1.cms.RecipientInfo;
import org.bouncycastle.asn1.gm.GMNamedCurves;
import org.bouncycastle.asn1.gm.GMObjectIdentifiers;
import org.bouncycastle.asn1.x9.X9ECParameters;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cms.CMSProcessableByteArray;
import org.bouncycastle.cms.CMSSignedData;
import org.bouncycastle.cms.SignerInformation;
import org.bouncycastle.cms.jcajce.JcaSimpleSignerInfoVerifierBuilder;
import org.bouncycastle.crypto.InvalidCipherTextException;
import org.bouncycastle.crypto.engines.SM2Engine;
import org.bouncycastle.crypto.engines.SM4Engine;
import org.bouncycastle.crypto.modes.GCMBlockCipher;
import org.bouncycastle.crypto.params.AEADParameters;
import org.bouncycastle.crypto.params.ECDomainParameters;
import org.bouncycastle.crypto.params.ECPrivateKeyParameters;
import org.bouncycastle.crypto.params.KeyParameter;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.bouncycastle.util.Arrays;
import org.bouncycastle.util.encoders.Hex;

/**
 * BouncyCastle as a judge of what a deployment of the Chinese suite writes, in a folder: the private
 * keys that open it, in hexadecimal, stand in its file `keys`. Each line of the answer is
 * about one file of the folder: `head NAME ok`, `content NAME SHA-256 of what it holds`, `certificate NAME ok`.
 */
public class ChineseSuite {
  public static void main(String[] args) throws Exception {
    Security.addProvider(new BouncyCastleProvider());
    Path folder = Path.of(args[0]);
    List<BigInteger> keys = new ArrayList<>();
    for (String key : Files.readAllLines(folder.resolve("keys"))) {
      keys.add(new BigInteger(key, 16));
    }
    List<Path> files = new ArrayList<>();
    try (var list = Files.list(folder)) {
      list.sorted().forEach(files::add);
    }
    for (Path file : files) {
      String name = file.getFileName().toString();
      String said;
      try {
        if (name.endsWith(".p7s")) said = "head " + name + " " + head(file);
        else if (name.endsWith(".p7m")) said = "content " + name + " " + content(file, keys);
        else if (name.endsWith(".cer")) said = "certificate " + name + " " + certificate(file);
        else continue;
      } catch (Exception error) {
        said = "refused " + name + " " + error;
      }
      System.out.println(said);
    }
  }

  /** A detached SignedData over the file of the same name that ends in `.xml`. */
  static String head(Path file) throws Exception {
    Path data = file.resolveSibling(file.getFileName().toString().replace(".p7s", ".xml"));
    var content = new CMSProcessableByteArray(Files.readAllBytes(data));
    var signed = new CMSSignedData(content, Files.readAllBytes(file));
    for (SignerInformation signer : signed.getSignerInfos()) {
      var found = signed.getCertificates().getMatches(signer.getSID()).iterator();
      if (!found.hasNext()) return "no certificate";
      var verifier =
          new JcaSimpleSignerInfoVerifierBuilder()
              .setProvider("BC")
              .build((X509CertificateHolder) found.next());
      if (!signer.getDigestAlgOID().equals("1.2.156.10197.1.401")) return "another digest";
      if (!signer.verify(verifier)) return "signature";
    }
    return signed.getSignerInfos().size() == 1 ? "ok" : "signers";
  }

  /** AuthEnvelopedData: SM4-GCM, its key by SM2 encryption (GM/T 0009). */
  static String content(Path file, List<BigInteger> keys) throws Exception {
    ContentInfo info = ContentInfo.getInstance(read(Files.readAllBytes(file)));
    AuthEnvelopedData enveloped = AuthEnvelopedData.getInstance(info.getContent());
    var encrypted = enveloped.getAuthEncryptedContentInfo();
    GCMParameters gcm =
        GCMParameters.getInstance(encrypted.getContentEncryptionAlgorithm().getParameters());
    byte[] sealed =
        Arrays.concatenate(encrypted.getEncryptedContent().getOctets(), enveloped.getMac().getOctets());
    var algorithm = encrypted.getContentEncryptionAlgorithm().getAlgorithm();
    if (!algorithm.equals(GMObjectIdentifiers.sms4_gcm)) return "another cipher";
    for (var each : enveloped.getRecipientInfos()) {
      var recipient =
          KeyTransRecipientInfo.getInstance(RecipientInfo.getInstance(each).getInfo());
      byte[] key = contentKey(recipient.getEncryptedKey().getOctets(), keys);
      if (key == null) continue;
      var cipher = new GCMBlockCipher(new SM4Engine());
      cipher.init(
          false, new AEADParameters(new KeyParameter(key), 8 * gcm.getIcvLen(), gcm.getNonce()));
      byte[] plain = new byte[cipher.getOutputSize(sealed.length)];
      int length = cipher.processBytes(sealed, 0, sealed.length, plain, 0);
      length += cipher.doFinal(plain, length);
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(Arrays.copyOf(plain, length));
      return Hex.toHexString(digest);
    }
    return "no recipient";
  }

  /** Null where none of the keys opens it. The one that does is tried first from now on. */
  static byte[] contentKey(byte[] encrypted, List<BigInteger> keys) throws Exception {
    for (BigInteger key : keys) {
      try {
        byte[] opened = sm2(encrypted, key);
        keys.remove(key);
        keys.add(0, key);
        return opened;
      } catch (InvalidCipherTextException another) {
        // The next key.
      }
    }
    return null;
  }

  /** SM2Cipher ::= SEQUENCE { x INTEGER, y INTEGER, hash OCTET STRING, cipherText OCTET STRING }. */
  static byte[] sm2(byte[] der, BigInteger d) throws Exception {
    ASN1Sequence cipher = ASN1Sequence.getInstance(read(der));
    X9ECParameters curve = GMNamedCurves.getByName("sm2p256v1");
    var domain = new ECDomainParameters(curve.getCurve(), curve.getG(), curve.getN());
    byte[] point =
        curve
            .getCurve()
            .createPoint(
                ASN1Integer.getInstance(cipher.getObjectAt(0)).getPositiveValue(),
                ASN1Integer.getInstance(cipher.getObjectAt(1)).getPositiveValue())
            .getEncoded(false);
    byte[] hash = ASN1OctetString.getInstance(cipher.getObjectAt(2)).getOctets();
    byte[] text = ASN1OctetString.getInstance(cipher.getObjectAt(3)).getOctets();
    var engine = new SM2Engine(SM2Engine.Mode.C1C3C2);
    engine.init(false, new ECPrivateKeyParameters(d, domain));
    byte[] input = Arrays.concatenate(point, hash, text);
    return engine.processBlock(input, 0, input.length);
  }

  /** Certificates in one file: the holder's, then those of authorities, its issuer among them. */
  static String certificate(Path file) throws Exception {
    try (var in = new ASN1InputStream(Files.readAllBytes(file))) {
      var holder = new X509CertificateHolder(in.readObject().getEncoded());
      for (var next = in.readObject(); next != null; next = in.readObject()) {
        var issuer = new X509CertificateHolder(next.getEncoded());
        if (!issuer.getSubject().equals(holder.getIssuer())) continue;
        var verifier = new JcaContentVerifierProviderBuilder().setProvider("BC").build(issuer);
        return holder.isSignatureValid(verifier) ? "ok" : "signature";
      }
      return "no issuer";
    }
  }

  static org.bouncycastle.asn1.ASN1Primitive read(byte[] der) throws Exception {
    try (var in = new ASN1InputStream(der)) {
      return in.readObject();
    }
  }
}
