export type Params = Record<string, string | number>;

/** `{name}` in a sentence stands for a parameter. */
export const fill = (text: string, params: Params = {}): string =>
  text.replace(/\{(\w+)\}/g, (_, name: string) => String(params[name] ?? ''));
