/** A complete application of invented firms, for pilots and tests. */
import type { Application } from './application.ts';
import { findCode } from './lists/code-list.ts';
import { LISTS, type ListName } from './lists/index.ts';
import { withTotals } from './totals.ts';
import { type Coded, type LicenceType, NO_CODE } from './types.ts';

export function sampleApplication(type: LicenceType = 'auto-import'): Application {
  const machine = type === 'auto-import-o';
  const line = (spec: string, quantity: string, unitPrice: string) => ({
    spec,
    unit: pick('units', machine ? '001' : '070'),
    quantity,
    unitPrice,
    amount: '',
    amountUsd: '',
  });
  return withTotals({
    v: 1,
    type,
    number: '',
    importer: { name: '示例进出口贸易有限公司', code: '91110000MA000TE137' },
    consignee: { name: '示例钢铁制造股份有限公司', code: '91310000MA1FL0T285' },
    tradeMode: pick('tradeModes', '0110'),
    foreignExchange: pick('foreignExchange', '1'),
    ports: [pick('ports', '4200'), pick('ports', '2248')],
    tradeCountry: pick('countries', machine ? 'DE' : 'AU'),
    originCountries: [pick('countries', machine ? 'DE' : 'AU')],
    use: pick('uses', '2'),
    goods: machine
      ? { name: '立式加工中心', hs: '8457101000', status: pick('goodsStatus', '1') }
      : { name: '未烧结铁矿砂及其精矿', hs: '2601112000', status: NO_CODE },
    currency: pick('currencies', machine ? 'EUR' : 'USD'),
    usdRate: machine ? '1.0842' : '1',
    lines: machine
      ? [line('示例 VMC-850，三轴', '2', '186500'), line('示例 VMC-1160，四轴', '1', '243800')]
      : [line('粉矿，铁品位 62%', '52000', '98.5'), line('块矿，铁品位 63%', '18000', '112.25')],
    totals: { quantity: '', amount: '', amountUsd: '' },
    uses: 'multiple',
    remarks: '',
    contact: { name: '李示例', phone: '010-5555 0123' },
    appliedOn: '2026-03-02',
    agent: null,
    contract: {
      number: 'SL-2026-0417',
      date: '2026-02-16',
      buyer: '示例进出口贸易有限公司',
      seller: machine ? 'Example Maschinenbau GmbH' : 'Example Minerals Pty Ltd',
      amount: machine ? '616800.00' : '7142500.00',
      currency: machine ? 'EUR' : 'USD',
    },
    attachments: [
      { key: 'qualification', name: '示例登记证明.pdf', size: 184_320 },
      { key: 'contract', name: '示例合同 SL-2026-0417.pdf', size: 412_672 },
    ],
  });
}

function pick(list: ListName, code: string): Coded {
  const found = findCode(LISTS[list], code);
  if (!found) throw new RangeError(`${code} is not in ${list}`);
  return found;
}
