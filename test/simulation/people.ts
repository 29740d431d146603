/** Who takes part in every run, and on which device. */
import type { Role } from '../../src/pki/index.ts';

export interface Firm {
  device: string;
  name: string;
  uscc: string;
}

export const FIRMS: readonly Firm[] = [
  { device: 'firm-a', name: '示例进出口贸易有限公司', uscc: '91110000MA000TE137' },
  { device: 'firm-b', name: '乙示例贸易有限公司', uscc: '91310000MA1FL0T285' },
  { device: 'firm-c', name: '丙示例机械有限公司', uscc: '91440300MA5DTE3T0C' },
];

export const STAFF: readonly { device: string; name: string; roles: Role[] }[] = [
  { device: 'maker', name: '周制章', roles: ['seal-maker'] },
  { device: 'first', name: '沈初审', roles: ['first-review'] },
  { device: 'both', name: '何两审', roles: ['first-review', 'second-review'] },
  { device: 'second', name: '韩复审', roles: ['second-review'] },
  { device: 'issuer-a', name: '许出证', roles: ['issuer'] },
  { device: 'issuer-b', name: '曹出证', roles: ['issuer'] },
  { device: 'inspector-a', name: '秦查验', roles: ['inspector'] },
  { device: 'inspector-b', name: '尤查验', roles: ['inspector'] },
];

/** Whoever joins in the middle of a run: his key is made, his certificate is not. */
export const NEWCOMER = { device: 'newcomer', name: '新初审', roles: ['first-review'] as Role[] };

export const AUTHORITY_PASSWORD = 'issues and revokes';
