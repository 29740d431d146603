/**
 * qr-scanner drives the camera, our worker reads the codes. The traps that this avoids are named
 * where they are: default region, default stream, endless retries of a failing engine.
 */
import type QrScanner from 'qr-scanner';
import { readCode } from '../../workers/qr-client.ts';

export interface Camera {
  hasTorch(): Promise<boolean>;
  torch(on: boolean): Promise<void>;
  pause(): Promise<void>;
  resume(): Promise<void>;
  end(): void;
}

interface Inner {
  _getCameraStream(): Promise<{ stream: MediaStream; facingMode: 'environment' }>;
}

/** The video must be attached and visible. */
export async function startCamera(
  video: HTMLVideoElement,
  onText: (text: string) => void,
): Promise<Camera> {
  const { default: Scanner } = await import('qr-scanner');
  const engine = { detect };
  Scanner.createQrEngine = () => Promise.resolve(engine as unknown as Worker);
  const scanner = new Scanner(video, ({ data }) => onText(data), {
    returnDetailedScanResult: true,
    maxScansPerSecond: 15,
    onDecodeError: () => {},
    calculateScanRegion,
  });
  // The default stream is 1280 pixels wide, and comes back after every pause: replaced for good.
  (scanner as unknown as Inner)._getCameraStream = async () => ({
    stream: await openStream(),
    facingMode: 'environment',
  });
  await scanner.start();
  return {
    hasTorch: () => scanner.hasFlash(),
    torch: (on) => (on ? scanner.turnFlashOn() : scanner.turnFlashOff()),
    pause: async () => void (await scanner.pause()),
    resume: () => scanner.start(),
    end: () => scanner.destroy(),
  };
}

/** The default region is the centre, scaled to 400 pixels: too coarse for a licence. */
function calculateScanRegion(video: HTMLVideoElement): QrScanner.ScanRegion {
  const edge = Math.min(video.videoWidth, video.videoHeight);
  const scaled = Math.min(edge, 1024);
  return {
    x: (video.videoWidth - edge) >> 1,
    y: (video.videoHeight - edge) >> 1,
    width: edge,
    height: edge,
    downScaledWidth: scaled,
    downScaledHeight: scaled,
  };
}

const openStream = (): Promise<MediaStream> =>
  navigator.mediaDevices.getUserMedia({
    audio: false,
    video: {
      facingMode: { ideal: 'environment' },
      width: { ideal: 1920 },
      height: { ideal: 1080 },
    },
  });

/** An engine that says "not implemented" is rebuilt for ever: its errors are given another text. */
async function detect(canvas: HTMLCanvasElement) {
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (!context || canvas.width === 0) return [];
  try {
    const found = await readCode(context.getImageData(0, 0, canvas.width, canvas.height));
    return found ? [{ rawValue: found.text, cornerPoints: found.corners }] : [];
  } catch {
    throw new Error('frame not read');
  }
}
