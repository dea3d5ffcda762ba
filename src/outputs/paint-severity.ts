import type colors from 'picocolors';
import type { Severity } from '../events/finding.ts';

export type Colors = ReturnType<typeof colors.createColors>;

/** A text in the colour of how bad it is, the same wherever a terminal shows one. */
export function paintSeverity(paint: Colors, severity: Severity, text: string): string {
  switch (severity) {
    case 'critical':
      return paint.bold(paint.inverse(paint.red(text)));
    case 'high':
      return paint.bold(paint.red(text));
    case 'medium':
      return paint.yellow(text);
    case 'low':
      return paint.cyan(text);
    case 'info':
      return paint.dim(text);
  }
}
