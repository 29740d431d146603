/** A drawing as PDF page content: the same bytes for the same picture, so that they can be compared. */
import { type Bytes, fromLatin1 } from '../../crypto/index.ts';
import { type DrawingCommand, PER_MM, type SealDrawing } from './drawing.ts';

/** Points in a millimetre. */
export const PT_PER_MM = 72 / 25.4;

export interface PictureOperators {
  /** Content of a form XObject with BBox [0 0 widthPt heightPt], no resources. */
  operators: Bytes;
  /** Two decimals. */
  widthPt: number;
  heightPt: number;
}

export function drawingToOperators(drawing: SealDrawing): PictureOperators {
  const widthPt = points(drawing.widthMm);
  const heightPt = points(drawing.heightMm);
  const unit = (PT_PER_MM / PER_MM).toFixed(7);
  // Whole hundredths of a millimetre, y down.
  const lines = ['q', `${unit} 0 0 -${unit} 0 ${heightPt} cm`];
  let fill = '';
  for (const path of drawing.paths) {
    if (path.fill !== fill) {
      fill = path.fill;
      lines.push(`${colour(fill)} rg`);
    }
    lines.push(pathOperators(path.commands), 'f');
  }
  lines.push('Q', '');
  return { operators: fromLatin1(lines.join('\n')), widthPt, heightPt };
}

const points = (mm: number) => Math.round(mm * PT_PER_MM * 100) / 100;

function colour(fill: string): string {
  const channel = (at: number) => {
    return String(Number((Number.parseInt(fill.slice(at, at + 2), 16) / 255).toFixed(4)));
  };
  return `${channel(1)} ${channel(3)} ${channel(5)}`;
}

function pathOperators(commands: readonly DrawingCommand[]): string {
  const out: string[] = [];
  let [x, y] = [0, 0];
  for (const { op, at } of commands) {
    if (op === 'Q') {
      // A quadratic curve raised to a cubic: control points a third of the way from Q.
      const [qx, qy, ex, ey] = at as [number, number, number, number];
      const third = (a: number, b: number) => Math.round((a + 2 * b) / 3);
      out.push(`${third(x, qx)} ${third(y, qy)} ${third(ex, qx)} ${third(ey, qy)} ${ex} ${ey} c`);
    } else if (op === 'Z') out.push('h');
    else out.push(`${at.join(' ')} ${op === 'M' ? 'm' : op === 'L' ? 'l' : 'c'}`);
    if (at.length > 0) [x, y] = at.slice(-2) as [number, number];
  }
  return out.join('\n');
}
