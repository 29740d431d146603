/** The issuing authority of test licences. */
export const AUTHORITY = { code: '110000', zh: '示例发证机关', en: 'Sample Issuing Authority' };
