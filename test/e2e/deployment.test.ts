/**
 * A deployment of ten people in ten browsers, through the real endpoint: each sees in the end what
 * concerns him. Founding and certifying go through the desk of each page, what matters by its screens.
 */
import { type Browser, chromium } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { filledDraft } from '../desk/device.ts';
import { byEndpoint, Deployment, FIRMS, PASSWORD } from '../desk/nine-devices.ts';
import { launchOptions } from './chromium.ts';
import { deskOf, keepDesk } from './remote-desk.ts';
import { startServer } from './serve.ts';
import { Device } from './stage.ts';

class Browsing {
  readonly screen: Device;
  readonly desk: ReturnType<typeof deskOf>;
  constructor(screen: Device) {
    this.screen = screen;
    this.desk = deskOf(screen.page);
  }
}

/** Where pictures go, for whoever wants to look. */
const PICTURES = process.env['PICTURES'];
const cases = { licence: '', corrected: '', refused: '', paper: '' };
let browser: Browser;
let server: Awaited<ReturnType<typeof startServer>>;
let all: Deployment<Browsing>;

const screen = (seat: Parameters<typeof all.device>[0]) => all.device(seat).screen;

async function picture(device: Device, name: string): Promise<void> {
  if (!PICTURES) return;
  for (const [size, width] of [
    ['desk', 1280],
    ['phone', 390],
  ] as const) {
    await device.page.setViewportSize({ width, height: 900 });
    await device.page.screenshot({ path: `${PICTURES}/${name}-${size}.png`, fullPage: true });
  }
  await device.page.setViewportSize({ width: 1280, height: 900 });
}

async function confirm({ page }: Device, reason?: string): Promise<void> {
  if (reason) await page.locator('dialog[open] textarea').fill(reason);
  await page.locator('dialog[open] [data-action="confirm"]').click();
  await page.waitForFunction(() => !document.querySelector('dialog[open]'));
}

/** One application on the screen of a reviewer. */
async function decide(device: Device, path: string, act: string, reason?: string): Promise<void> {
  // A queue that is open keeps its own selection: it is left first.
  await device.go('/');
  await device.go(path);
  await device.click(act);
  await confirm(device, reason);
}

describe('ten people in ten browsers', () => {
  beforeAll(async () => {
    browser = await chromium.launch(launchOptions);
    server = await startServer();
    const { key } = (await (await fetch(`${server.url}v1/healthz`)).json()) as { key: string };
    const url = new URL(server.url).origin;
    all = new Deployment(byEndpoint({ url, key }), async (seat) => {
      // Who works without a network has visited before: the pages are on the device.
      const visit = seat === 'inspector' ? Device.open : Device.online;
      return new Browsing(await visit(browser, server.url, keepDesk));
    });
    await all.found();
  }, 240_000);
  afterAll(async () => {
    await browser.close();
    await server.stop();
  });

  it('two enterprises register, and get their seals from reviewer and maker', async () => {
    await all.enrol(['one', 'two'], (caseId) =>
      decide(screen('sealReviewer'), `/seal-review/${caseId}`, 'approve'),
    );
    await all.at('sealMaker').produceAuthoritySeals();
    await all.exchange();
    await screen('one').go('/enterprise/seal');
    await screen('one').page.locator('[data-seal-state="bound"]').waitFor();
  }, 240_000);

  it('stamped applications come to the first reviewer, who passes, returns and refuses', async () => {
    const { id } = await filledDraft(all.at('one'));
    await screen('one').go(`/applications/edit/${id}`);
    cases.licence = await screen('one').stampAndSubmit();
    cases.corrected = await all.apply('two');
    cases.refused = await all.apply('one');
    cases.paper = await all.apply('two', 'paper');
    await all.exchange();
    const first = screen('first');
    await first.go('/first-review');
    await expect.poll(() => first.page.locator('main [data-case]').count()).toBe(4);
    await decide(first, `/first-review/${cases.licence}`, 'pass');
    await decide(first, `/first-review/${cases.corrected}`, 'return', '合同号与附件不符');
    await decide(first, `/first-review/${cases.refused}`, 'refuse', '不在许可范围');
    expect((await all.at('first').review('first', [cases.paper], 'pass', [])).refused).toEqual([]);
    await all.exchange();
    await screen('one').go(`/applications/${cases.refused}`);
    await screen('one').page.locator('[data-state="refused"]').first().waitFor();
  }, 240_000);

  it('a reviewer joins in the middle: told why nothing comes, then goes on with the corrected one', async () => {
    const file = await all.hire('late', '辛初审');
    const office = await all.office('registrar');
    const asked = { file, name: '辛初审', serialNumber: '', roles: ['first-review' as const] };
    await all.at('late').installCertificates(await office.issueStaff(asked));
    const { page } = screen('late');
    await page.locator('[data-standing="not-on-roster"]').waitFor();
    await picture(screen('late'), 'not-on-roster');
    await all.office('root');
    await office.publishTrust({});
    // A colleague's device learns who is new, and hands on the keys of the group with its next exchange.
    await all.exchange();

    const two = screen('two');
    await two.go(`/applications/${cases.corrected}`);
    await two.page.getByText('合同号与附件不符').first().waitFor();
    await two.click('correct');
    await two.page.waitForURL(/#\/applications\/edit\//);
    await two.click('submit');
    await two.click('confirm-submit');
    await two.page.waitForURL(/#\/applications\/[0-9a-f]{64}$/);
    await all.exchange();
    await page.locator('[data-standing]').waitFor({ state: 'detached' });
    await decide(screen('late'), `/first-review/${cases.corrected}`, 'pass');
    await all.exchange();
  }, 240_000);

  it('the second reviewer passes them together, and the licences are issued by themselves', async () => {
    const second = screen('second');
    await second.go('/second-review');
    await second.click('select-all');
    await second.click('pass');
    await confirm(second);
    await all.exchange();
    const issuer = screen('issuer');
    await issuer.go('/issue');
    await issuer.click('print-paper');
    await issuer.page.locator('dialog[open] input[name=serial]').fill('P-000123');
    await issuer.page.locator('dialog[open] [data-action="confirm"]').click();
    await issuer.page.locator('[data-action="print-sheet"]').waitFor();
    await issuer.page.keyboard.press('Escape');
    await all.at('issuer').collect(cases.paper, { name: '吴示例', document: '3101**********0011' });
    await all.exchange();
    for (const [seat, caseId] of [
      ['one', cases.licence],
      ['two', cases.corrected],
      ['two', cases.paper],
    ] as const) {
      await screen(seat).go(`/licences/${caseId}`);
      await screen(seat).page.locator('[data-state="in-force"]').waitFor();
      expect(await screen(seat).page.locator('[data-finding]').count()).toBe(0);
    }
  }, 240_000);

  it('an inspector records a use without a network; everybody knows it later', async () => {
    const [licence] = await all.at('one').licences();
    const { number, ports } = licence as NonNullable<typeof licence>;
    const inspector = screen('inspector');
    const { page } = inspector;
    await inspector.go('/inspect');
    await inspector.offline(true);
    await page.locator('input[name=number]').fill(number);
    await inspector.click('find');
    await page.locator('[data-state="in-force"]').waitFor();
    await page.locator('input[name=declaration]').fill('220120261000000012');
    await page.locator('select[name=customs]').selectOption(ports[0]?.code ?? '');
    await page.locator('input[name=quantity]').fill('1000');
    await inspector.click('record-use');
    await confirm(inspector);
    await page.locator('[data-list="uses"] li').waitFor();
    expect((await all.at('one').licences())[0]?.uses).toBe(0);
    await inspector.exchange();
    await inspector.offline(false);
    await all.exchange();
    await screen('one').go(`/licences/${cases.licence}`);
    await screen('one').page.locator('[data-state="partially-used"]').waitFor();
  }, 240_000);

  it('in the end all show the same, nothing is refused, and no page broke a rule', async () => {
    const shown = async (seat: string, { desk }: Browsing) => {
      const mine = seat in FIRMS ? FIRMS[seat as keyof typeof FIRMS].uscc : null;
      const out: string[] = [];
      for (const caseId of Object.values(cases)) {
        const view = await desk.application(caseId).catch(() => null);
        if (view && (mine === null || view.uscc === mine)) out.push(`${view.state} ${caseId}`);
      }
      return out;
    };
    const expected = await shown('issuer', all.device('issuer'));
    expect(expected.map((line) => line.split(' ')[0])).toEqual([
      'issued',
      'issued',
      'refused',
      'collected',
    ]);
    for (const [seat, device] of all.seats) {
      const { people, sync } = await device.desk.overview();
      expect([seat, sync.complete, sync.missing, sync.refused, people.length]).toEqual([
        seat,
        true,
        0,
        [],
        seat === 'root' ? 2 : 1,
      ]);
      expect([seat, (await device.desk.trust()).records.refused]).toEqual([seat, []]);
      const own = await shown(seat, device);
      expect([seat, expected.filter((line) => own.includes(line))]).toEqual([seat, own]);
      if (!(seat in FIRMS)) expect([seat, own]).toEqual([seat, expected]);
      expect([seat, device.screen.errors]).toEqual([seat, []]);
    }
  }, 240_000);

  it('who comes back unlocks with the password, and finds everything', async () => {
    const one = screen('one');
    await one.page.reload();
    await one.go('/people');
    await one.page.locator('[data-person]').getByRole('button').first().click();
    await one.page.locator('dialog[open] input[type=password]').fill(PASSWORD);
    await one.page.locator('dialog[open] button.primary').click();
    await one.page.waitForURL((url) => !url.hash.startsWith('#/people'));
    await one.go('/licences');
    await one.page
      .getByText(/-JS-000/)
      .first()
      .waitFor();
  });
});
