/** The UKey service of a machine, on a real loopback WebSocket (RFC 6455), with a mock UKey behind it. */
import { createHash } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { type MockKey, MockUKey } from '../keys/mock-ukey.ts';

const PORT = 18710;
const GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';

export class UKeyService {
  readonly #server: Server;
  readonly #sockets = new Set<Duplex>();
  /** The device behind every connection: pull it out, or see what was asked of it. */
  readonly devices: MockUKey[] = [];
  keys: MockKey[] = [];

  private constructor(pin: string) {
    this.#server = createServer();
    this.#server.on('upgrade', (request, socket) => {
      const accept = createHash('sha1').update(`${request.headers['sec-websocket-key']}${GUID}`);
      socket.write(
        [
          'HTTP/1.1 101 Switching Protocols',
          'Upgrade: websocket',
          'Connection: Upgrade',
          `Sec-WebSocket-Accept: ${accept.digest('base64')}`,
          `Sec-WebSocket-Protocol: ${request.headers['sec-websocket-protocol']}`,
          '\r\n',
        ].join('\r\n'),
      );
      const device = new MockUKey(this.keys, pin);
      this.devices.push(device);
      this.#sockets.add(socket);
      device.onmessage = ({ data }) => socket.write(frame(String(data)));
      let buffered = Buffer.alloc(0);
      socket.on('data', (chunk: Buffer) => {
        buffered = Buffer.concat([buffered, chunk]);
        for (let next = unframe(buffered); next; next = unframe(buffered)) {
          buffered = buffered.subarray(next.size);
          if (next.opcode === 8) socket.end();
          else if (next.opcode === 1) device.send(next.text);
        }
      });
      socket.on('error', () => socket.destroy());
    });
  }

  static async start(pin: string): Promise<UKeyService> {
    const service = new UKeyService(pin);
    await new Promise<void>((resolve) => service.#server.listen(PORT, '127.0.0.1', resolve));
    return service;
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

function frame(text: string): Buffer {
  const body = Buffer.from(text);
  const { length } = body;
  const head =
    length < 126
      ? Buffer.from([0x81, length])
      : length < 65_536
        ? Buffer.from([0x81, 126, length >> 8, length & 255])
        : Buffer.from([0x81, 127, 0, 0, 0, 0, ...[24, 16, 8, 0].map((by) => (length >> by) & 255)]);
  return Buffer.concat([head, body]);
}

/** The first whole frame of a client: always masked. */
function unframe(bytes: Buffer): { opcode: number; text: string; size: number } | null {
  if (bytes.length < 2) return null;
  let length = (bytes[1] as number) & 127;
  let at = 2;
  if (length === 126) {
    if (bytes.length < 4) return null;
    length = bytes.readUInt16BE(2);
    at = 4;
  } else if (length === 127) {
    if (bytes.length < 10) return null;
    length = Number(bytes.readBigUInt64BE(2));
    at = 10;
  }
  const size = at + 4 + length;
  if (bytes.length < size) return null;
  const mask = bytes.subarray(at, at + 4);
  const body = bytes.subarray(at + 4, size).map((byte, i) => byte ^ (mask[i & 3] as number));
  return { opcode: (bytes[0] as number) & 15, text: Buffer.from(body).toString(), size };
}
