/**
 * Workers and the service worker are script URLs: only those of this origin are let through. The
 * policy has no way to make markup or scripts out of text.
 */
interface TrustedTypes {
  createPolicy(name: string, rules: { createScriptURL(url: string): string }): unknown;
}

const { trustedTypes } = globalThis as { trustedTypes?: TrustedTypes };
trustedTypes?.createPolicy('default', {
  createScriptURL(url) {
    if (new URL(url, document.baseURI).origin === location.origin) return url;
    throw new TypeError(`scripts of another origin are refused: ${url}`);
  },
});

export {};
