/** A sealed OFD of one page (GB/T 33190), as accounting software makes them: sealed in SM2 and SM3. */
import { zipSync } from 'fflate';
import { digest, type Signer, toBase64, utf8 } from '../../src/crypto/index.ts';
import { writeSealSignature } from '../../src/seal/index.ts';

const XML = '<?xml version="1.0" encoding="UTF-8"?>\n';
const NS = 'xmlns:ofd="http://www.ofdspec.org/2016"';
const root = (name: string, body: string, more = '') =>
  utf8(`${XML}<ofd:${name} ${NS}${more}>${body}</ofd:${name}>`);

const FOLDER = 'Doc_0/Signs/Sign_0';

/** @param lines of text from the top, and their size in millimetres */
function page(lines: readonly [string, number][]): string {
  let y = 30;
  let id = 100;
  const texts = lines.map(([text, size]) => {
    y += size * 2.2;
    const step = [...text].map((glyph) => (glyph > '\u2e80' ? size : size / 2));
    return (
      `<ofd:TextObject ID="${id++}" Boundary="25 ${y} 160 ${size * 2}" Font="3" Size="${size}">` +
      '<ofd:FillColor Value="20 20 20"/>' +
      `<ofd:TextCode X="0" Y="${size}" DeltaX="${step.slice(0, -1).join(' ')}">${text}</ofd:TextCode>` +
      '</ofd:TextObject>'
    );
  });
  return `<ofd:Content><ofd:Layer ID="2">${texts.join('')}</ofd:Layer></ofd:Content>`;
}

export async function sealedOfd(options: {
  seal: Uint8Array;
  signer: Signer;
  /** ISO 8601. */
  time: string;
  lines: readonly [string, number][];
}): Promise<Uint8Array> {
  const { seal, signer, time, lines } = options;
  const files: Record<string, Uint8Array> = {
    'OFD.xml': root(
      'OFD',
      '<ofd:DocBody><ofd:DocInfo><ofd:DocID>00000000000000000000000000000001</ofd:DocID>' +
        `<ofd:Title>示例送货单</ofd:Title><ofd:CreationDate>${time.slice(0, 10)}</ofd:CreationDate>` +
        '</ofd:DocInfo><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot>' +
        '<ofd:Signatures>Doc_0/Signs/Signatures.xml</ofd:Signatures></ofd:DocBody>',
      ' Version="1.0" DocType="OFD"',
    ),
    'Doc_0/Document.xml': root(
      'Document',
      '<ofd:CommonData><ofd:MaxUnitID>200</ofd:MaxUnitID>' +
        '<ofd:PageArea><ofd:PhysicalBox>0 0 210 297</ofd:PhysicalBox></ofd:PageArea>' +
        '<ofd:PublicRes>PublicRes.xml</ofd:PublicRes></ofd:CommonData>' +
        '<ofd:Pages><ofd:Page ID="1" BaseLoc="Pages/Page_0/Content.xml"/></ofd:Pages>',
    ),
    'Doc_0/PublicRes.xml': root(
      'Res',
      '<ofd:Fonts><ofd:Font ID="3" FontName="SimSun" FamilyName="SimSun"/></ofd:Fonts>',
      ' BaseLoc="Res"',
    ),
    'Doc_0/Pages/Page_0/Content.xml': root('Page', page(lines)),
    [`${FOLDER}/Seal.esl`]: seal,
    'Doc_0/Signs/Signatures.xml': root(
      'Signatures',
      '<ofd:MaxSignId>1</ofd:MaxSignId>' +
        `<ofd:Signature ID="1" Type="Seal" BaseLoc="/${FOLDER}/Signature.xml"/>`,
    ),
  };
  const references = await Promise.all(
    Object.entries(files)
      .filter(([path]) => path !== 'Doc_0/Signs/Signatures.xml')
      .map(
        async ([path, bytes]) =>
          `<ofd:Reference FileRef="/${path}">` +
          `<ofd:CheckValue>${toBase64(await digest('SM3', bytes))}</ofd:CheckValue></ofd:Reference>`,
      ),
  );
  const signature = root(
    'Signature',
    '<ofd:SignedInfo><ofd:Provider ProviderName="Cinnabar" Company="Cinnabar" Version="1.0"/>' +
      '<ofd:SignatureMethod>1.2.156.10197.1.501</ofd:SignatureMethod>' +
      `<ofd:SignatureDateTime>${time.replace(/[-:]/g, '').replace('T', '')}</ofd:SignatureDateTime>` +
      `<ofd:References CheckMethod="1.2.156.10197.1.401">${references.join('')}</ofd:References>` +
      '<ofd:StampAnnot ID="5" PageRef="1" Boundary="120 90 40 40"/>' +
      `<ofd:Seal><ofd:BaseLoc>/${FOLDER}/Seal.esl</ofd:BaseLoc></ofd:Seal></ofd:SignedInfo>` +
      `<ofd:SignedValue>/${FOLDER}/SignedValue.dat</ofd:SignedValue>`,
  );
  files[`${FOLDER}/Signature.xml`] = signature;
  files[`${FOLDER}/SignedValue.dat`] = await writeSealSignature({
    ...{ seal, data: signature, time, signer, propertyInfo: `/${FOLDER}/Signature.xml` },
  });
  return zipSync(files, { level: 9, mtime: new Date(time) });
}
