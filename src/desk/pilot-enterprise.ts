/** The one enterprise that a pilot begins with. */
export const PILOT_ENTERPRISE = { name: '示例进出口贸易有限公司', uscc: '91110000MA000TE137' };
