/** Where a request comes from, as far as the connection itself tells. */
import type { IncomingMessage } from 'node:http';

const LOOPBACK = /^(?:::ffff:)?127\.\d+\.\d+\.\d+$|^::1$/;

/** From this machine, and by nobody's hand: a proxy says whom it speaks for. */
export function isLocal({ socket, headers }: IncomingMessage): boolean {
  const passedOn = ['forwarded', 'via', 'x-forwarded-for', 'x-forwarded-proto', 'x-forwarded-host'];
  return LOOPBACK.test(socket.remoteAddress ?? '') && passedOn.every((name) => !(name in headers));
}

/** The whole address that the asker signed. */
export function uriOf({ headers, url }: IncomingMessage): string {
  const protocol = headers['x-forwarded-proto'] === 'https' ? 'https' : 'http';
  return `${protocol}://${headers.host ?? ''}${url}`;
}
