/** What people do in a run: each does what his queue shows him, through the desk as a page would. */
import type { Desk, Draft } from '../../src/desk/index.ts';
import { sampleApplication } from '../../src/licence/index.ts';
import type { Role } from '../../src/pki/index.ts';
import { drawSeal, encodePng, rasterise } from '../../src/seal/index.ts';
import type { Device } from './device.ts';
import { loadFont } from './fonts.ts';
import { AUTHORITY_PASSWORD, FIRMS, type Firm, NEWCOMER, STAFF } from './people.ts';
import type { Random } from './random.ts';

/** What a run remembers for its people. */
export interface Plans {
  random: Random;
  /** Applications that firms still want to make. */
  applications: number;
  /** Declarations made so far: each use names another one. */
  declarations: number;
  /** Request of the newcomer for his certificates, once he handed it over. */
  request: Uint8Array | null;
  policies: readonly ('automatic' | 'confirmed')[];
}

/** An act that is at hand, by its name in the schedule. */
export interface Act {
  name: string;
  run(): Promise<unknown>;
}

export const registrationOf = ({ name, uscc }: Firm) => ({
  name,
  nameEn: 'Sample Trading Co., Ltd.',
  uscc,
  address: '上海市示例路 2 号',
  contact: '吴示例',
  phone: '021-55550000',
  email: 'b@example.com',
});

let scan: Promise<{ bytes: Uint8Array; type: string }> | null = null;

async function drawScan() {
  const drawing = await drawSeal(
    { kind: 'round', name: '示例进出口贸易有限公司' },
    await loadFont('serif'),
  );
  return { bytes: encodePng(rasterise(drawing, 200)), type: 'image/png' };
}

/** Applies for a seal and sends the letter that was stamped and scanned. */
export async function applyForSeal(desk: Desk, { name }: Firm): Promise<void> {
  const binding = await desk.binding();
  const caseId =
    binding.state === 'applied' && binding.caseId
      ? binding.caseId
      : await desk.applyForSeal({ kind: 'round', name, lower: '', code: '' });
  scan ??= drawScan();
  await desk.sendLetter(caseId, await scan, {
    accept: true,
    reasons: [],
    seals: [{ cx: 200, cy: 200, diameter: 400 }],
    width: 400,
    height: 400,
    letterCase: caseId,
    diameterMm: 40.2,
  });
}

const REASON = ['理由'];
const CONTRACT = new TextEncoder().encode('a contract');

async function fill(desk: Desk, draft: Draft, flow: Draft['flow']): Promise<Draft> {
  const { importer } = draft.data as { importer: unknown };
  const attachment = { type: 'text/plain', size: CONTRACT.length, bytes: CONTRACT };
  const filled: Draft = {
    ...draft,
    flow,
    data: { ...sampleApplication(), importer } as never,
    attachments: [
      { kind: 'contract', name: '合同.txt', ...attachment },
      { kind: 'qualification', name: '登记.txt', ...attachment },
    ],
  };
  await desk.saveDraft(filled);
  return filled;
}

/** What is at hand for whoever sits at the device, in a fixed order. */
export async function duties(device: Device, plans: Plans): Promise<Act[]> {
  const firm = FIRMS.find((each) => each.device === device.name);
  if (firm) return firmDuties(device, firm, plans);
  if (device.name === 'office') return officeDuties(device, plans);
  const { roles } = [...STAFF, NEWCOMER].find((each) => each.device === device.name) as {
    roles: string[];
  };
  const desk = await device.as();
  const own = (await desk.overview()).people[0]?.roles ?? [];
  if (!roles.some((role) => own.includes(role as never))) return newcomerDuties(device, plans);
  const acts: Act[] = [];
  for (const role of roles) acts.push(...(await staffDuties(role, device, desk, plans)));
  return acts;
}

async function firmDuties(device: Device, firm: Firm, plans: Plans): Promise<Act[]> {
  const { random } = plans;
  const desk = await device.as();
  const binding = await desk.binding();
  if (binding.registration === 'none' || binding.registration === 'rejected') {
    return [{ name: 'register', run: () => desk.register(registrationOf(firm)) }];
  }
  if (binding.registration !== 'approved') return [];
  const acts: Act[] = [];
  if (['none', 'applied', 'rejected', 'withdrawn', 'revoked', 'lost'].includes(binding.state)) {
    acts.push({ name: 'apply-seal', run: () => applyForSeal(desk, firm) });
  }
  if (binding.state === 'suspended' && !binding.suspendedByAuthority) {
    acts.push({ name: 'resume-seal', run: () => desk.sealAct('resume', '已查明') });
  }
  const stamp = binding.state === 'bound' ? 'seal' : 'plain';
  for (const { caseId, state, flow } of await desk.applications()) {
    if (state === 'returned') {
      const name = `correct ${short(caseId)}`;
      acts.push({
        name,
        async run() {
          const draft = await desk.correct(caseId);
          await desk.submitDraft((await fill(desk, draft, flow)).id, stamp);
        },
      });
    }
    if (['submitted', 'first-passed'].includes(state) && random.chance(0.05)) {
      acts.push({ name: 'withdraw', run: () => desk.withdraw(caseId, '不再需要') });
    }
  }
  if (plans.applications > 0) {
    acts.push({
      name: 'submit',
      async run() {
        const flow = random.chance(0.25) ? 'paper' : 'electronic';
        const [kept] = await desk.drafts();
        const draft = kept ?? (await desk.newDraft('auto-import'));
        await desk.submitDraft((await fill(desk, draft, flow)).id, stamp);
        plans.applications--;
      },
    });
  }
  for (const { caseId, state, flow } of await desk.licences()) {
    if (flow === 'electronic' && state === 'in-force' && random.chance(0.2)) {
      acts.push({ name: 'print', run: () => desk.printLicence(caseId, 'original') });
    }
  }
  if (binding.state === 'bound' && random.chance(0.04)) {
    const act = random.pick(['suspend', 'renew', 'lost'] as const);
    acts.push({ name: `seal-${act}`, run: () => desk.sealAct(act, '按规定') });
  }
  return acts;
}

/** Whose certificates are renewed in a run: documents by issuers and seal makers are judged by time later. */
const RENEWED: readonly Role[] = ['first-review', 'second-review', 'inspector'];

async function officeDuties(device: Device, plans: Plans): Promise<Act[]> {
  const { random } = plans;
  const acts: Act[] = [];
  const desk = await device.as(1);
  for (const { caseId, kind, state } of await desk.sealQueue()) {
    const approve = random.chance(0.9);
    acts.push({
      name: `${approve ? 'approve' : 'reject'}-${kind}`,
      async run() {
        await device.as(1);
        if (kind === 'seal') return desk.decideSeal(caseId, approve, approve ? [] : REASON);
        if (approve) await desk.openAuthority(AUTHORITY_PASSWORD);
        return desk.decideRegistration(caseId, approve, approve ? [] : REASON);
      },
    });
    if (state === 'letter-sent') break;
  }
  const { request } = plans;
  if (request) {
    acts.push({
      name: 'certify-newcomer',
      async run() {
        await device.as(1);
        await desk.openAuthority(AUTHORITY_PASSWORD);
        const { name, roles } = NEWCOMER;
        const waits = (await desk.authority()).roster.some((each) => each.name === name);
        if (!waits) await desk.issueStaff({ file: request, name, serialNumber: 'S9', roles });
        await device.as(0);
        await desk.publishTrust({});
        plans.request = null;
      },
    });
  }
  if (random.chance(0.1)) {
    const { roster } = await desk.authority();
    const staff = roster.filter(
      ({ change, roles }) => change === 'same' && roles.every((role) => RENEWED.includes(role)),
    );
    const { id, name } = random.pick(staff);
    acts.push({
      name: `renew ${name}`,
      async run() {
        await device.as(1);
        await desk.openAuthority(AUTHORITY_PASSWORD);
        await desk.renewCertificate(id);
        await device.as(0);
        await desk.publishTrust({});
      },
    });
  }
  if (random.chance(0.15)) {
    const issuing = random.pick(plans.policies);
    acts.push({
      name: `publish-${issuing}`,
      async run() {
        await device.as(0);
        await desk.publishTrust({ issuing });
      },
    });
  }
  return acts;
}

async function newcomerDuties(device: Device, plans: Plans): Promise<Act[]> {
  if (plans.request) return [];
  return [
    {
      name: 'request-certificate',
      async run() {
        plans.request = await (await device.as()).requestFile();
      },
    },
  ];
}

const VERDICTS = [
  ['pass', 8],
  ['return', 1],
  ['refuse', 1],
] as const;

async function staffDuties(role: string, device: Device, desk: Desk, plans: Plans): Promise<Act[]> {
  switch (role) {
    case 'seal-maker':
      return (await desk.sealQueue()).map(({ caseId }) => ({
        name: 'produce-seal',
        run: () => desk.produceSeal(caseId),
      }));
    case 'first-review':
    case 'second-review':
      return reviewDuties(role === 'first-review' ? 'first' : 'second', desk, plans);
    case 'issuer':
      return issuerDuties(desk, plans);
    case 'inspector':
      return inspectorDuties(device, desk, plans);
    default:
      return [];
  }
}

async function reviewDuties(stage: 'first' | 'second', desk: Desk, { random }: Plans) {
  const acts: Act[] = [];
  for (const { caseId } of await desk.reviewQueue(stage)) {
    const verdict = random.weighted(VERDICTS);
    acts.push({
      name: `${stage}-${verdict} ${short(caseId)}`,
      run: async () => {
        const reasons = verdict === 'pass' ? [] : REASON;
        demand(await desk.review(stage, [caseId], verdict, reasons));
      },
    });
  }
  return acts;
}

async function issuerDuties(desk: Desk, { random }: Plans): Promise<Act[]> {
  const acts: Act[] = [];
  for (const { caseId, flow, state } of await desk.issueQueue()) {
    if (state === 'issued-paper') {
      const collector = { name: '吴示例', document: '3101**********0011' };
      acts.push({ name: 'collect', run: () => desk.collect(caseId, collector) });
    } else if (flow === 'paper') {
      acts.push({
        name: 'issue-paper',
        run: () => desk.issuePaper(caseId, `P-${random.below(1e6)}`),
      });
    } else {
      acts.push({ name: 'issue', run: async () => demand(await desk.issue([caseId])) });
    }
  }
  for (const { caseId, state } of await desk.licenceRegister()) {
    if (state === 'in-force' && random.chance(0.03)) {
      acts.push({ name: 'revoke', run: () => desk.revokeLicence(caseId, '撤销') });
    }
  }
  return acts;
}

async function inspectorDuties(device: Device, desk: Desk, plans: Plans): Promise<Act[]> {
  const acts: Act[] = [];
  for (const { number, state, ports } of await desk.licenceRegister()) {
    const port = ports[0]?.code;
    if (!['in-force', 'partially-used'].includes(state) || !port) continue;
    acts.push({
      name: 'use',
      async run() {
        const serial = String(++plans.declarations).padStart(9, '0');
        const now = new Date(device.now().getTime() + 8 * 3_600_000).toISOString();
        await desk.recordUse(number, {
          declaration: `${port}20261${serial}`,
          customs: port,
          date: now.slice(0, 10),
          quantity: String(1 + plans.random.below(9000)),
        });
      },
    });
  }
  return acts;
}

/** What is refused in a batch of one is refused. */
function demand({ refused }: { refused: { refusal: { code: string } }[] }): void {
  const [first] = refused;
  if (first) throw Object.assign(new Error(first.refusal.code), first.refusal);
}

const short = (id: string) => id.slice(0, 6);
