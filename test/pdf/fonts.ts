import { readFileSync } from 'node:fs';

const font = (name: string) =>
  new Uint8Array(readFileSync(new URL(`../../public/fonts/${name}`, import.meta.url)));

export const FONTS = { sans: font('NotoSansSC-Regular.ttf'), serif: font('NotoSerifSC-Bold.ttf') };
