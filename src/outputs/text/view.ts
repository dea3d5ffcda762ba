import type colors from 'picocolors';
import type { Severity } from '../../events/finding.ts';

/** What every section needs to draw itself. */
export interface View {
  readonly width: number;
  readonly showAll: boolean;
  readonly colors: ReturnType<typeof colors.createColors>;
}

export function paintSeverity(view: View, severity: Severity, text: string): string {
  const { colors } = view;
  switch (severity) {
    case 'critical':
      return colors.bold(colors.inverse(colors.red(text)));
    case 'high':
      return colors.bold(colors.red(text));
    case 'medium':
      return colors.yellow(text);
    case 'low':
      return colors.cyan(text);
    case 'info':
      return colors.dim(text);
  }
}
