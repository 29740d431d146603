/** A PDF: every signature, and the certificates behind it. */
import { verifyDocument } from '../../../licence/index.ts';
import { describeCertificate } from '../../../pki/index.ts';
import type { CheckedFile, PathStep } from '../checked-file.ts';
import { situationOfPdf } from '../situation.ts';
import type { Check } from '../verify.worker.ts';
import { knownCertificates } from './known-certificates.ts';
import { isByIssuer, licenceInForce } from './licence-in-force.ts';

export const check: Check = async ({ bytes, password, envelopeContent, trust, timeOfCheck }) => {
  const report = await verifyDocument(bytes, {
    sight: true,
    longTerm: true,
    ...(timeOfCheck ? { timeOfCheck } : {}),
    ...(trust ? { trust } : {}),
    ...(password === undefined ? {} : { password }),
    ...(envelopeContent ? { openEnvelope: async () => envelopeContent } : {}),
  });
  const known = await knownCertificates(
    trust,
    report.signatures.flatMap(({ certificate }) => (certificate ? [certificate] : [])),
  );
  const paths: PathStep[][] = [];
  for (const { path, certificate } of report.signatures) {
    const steps = path.flatMap((id) => known.get(id) ?? []);
    const own = steps.length === 0 && certificate ? await describeCertificate(certificate) : null;
    const alone = own?.ok
      ? [
          {
            id: own.id,
            subject: own.subject.text,
            notBefore: own.notBefore,
            notAfter: own.notAfter,
          },
        ]
      : [];
    paths.push(steps.length > 0 ? steps : alone);
  }
  const signers: CheckedFile['signers'] = report.signatures.map((signature) => ({
    field: signature.field,
    kind: signature.kind,
    name: signature.signer?.name ?? '',
    subject: signature.signer?.subject ?? '',
    organization: signature.signer?.organization ?? null,
    uscc: signature.signer?.uscc ?? null,
    verdict: signature.verdict,
    integrity: signature.integrity,
    subIndication: signature.subIndication ?? null,
    time: signature.time ?? signature.claimedTime ?? null,
    timeProven: signature.timeProven,
    sealName: signature.seal?.name ?? null,
    algorithms: signature.algorithms ?? null,
  }));
  const last = signers.filter(({ kind }) => kind !== 'timestamp').at(-1);
  const found = situationOfPdf(report);
  const refused = found === 'password-needed' && password !== undefined;
  const situation = refused ? 'password-wrong' : found;
  const force =
    situation === 'good' && trust && (await isByIssuer(report, trust))
      ? await licenceInForce(bytes, trust, new Date().toISOString(), password)
      : null;
  return {
    pdf: report,
    paths,
    situation: force?.situation ?? situation,
    integrity: report.integrity,
    verdict: report.verdict,
    findings: report.findings,
    signers,
    params: {
      algorithm:
        report.findings.find(({ code }) => code === 'pdf-unchecked')?.params?.['algorithm'] ?? '',
      who: last?.name || last?.organization || '',
      ...(force ? { number: force.number, until: force.until } : {}),
    },
  };
};
