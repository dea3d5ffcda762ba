import { formatBytes } from '../base/bytes.ts';
import type { Progress } from '../case/service.ts';
import type { Terminal } from './terminal.ts';

/** Nothing is drawn for work that is over before this. */
const quietMs = 1000;
const redrawMs = 100;
const barWidth = 20;

/** One line on standard error that is redrawn while work goes on, and wiped at its end. */
export function createProgress(terminal: Terminal): { show(progress: Progress): void; end(): void } {
  if (!terminal.isInteractive) return { show: () => undefined, end: () => undefined };
  const startedAt = performance.now();
  let drawnAt = 0;
  let isDrawn = false;
  return {
    show(progress) {
      const now = performance.now();
      if (now - startedAt < quietMs || now - drawnAt < redrawMs) return;
      drawnAt = now;
      isDrawn = true;
      terminal.talk(`\r\u001B[2K${line(progress, terminal.width, (now - startedAt) / 1000)}`);
    },
    end() {
      if (isDrawn) terminal.talk('\r\u001B[2K');
    },
  };
}

function line(progress: Progress, width: number, seconds: number): string {
  const share = progress.total > 0 ? Math.min(1, progress.done / progress.total) : 0;
  const filled = Math.round(share * barWidth);
  const bar = `${'█'.repeat(filled)}${'░'.repeat(barWidth - filled)}`;
  const volume = progress.phase === 'ingest' ? volumeOf(progress, seconds) : '';
  const text = `${bar} ${progress.phase}${volume} `;
  const room = Math.max(0, width - text.length - 1);
  // The end of a path says more than its beginning. Names are evidence: no control characters reach the terminal.
  const name = progress.what.replaceAll(/\p{Cc}/gu, '\uFFFD');
  return text + (name.length > room ? `…${name.slice(name.length - room + 1)}` : name);
}

/** Bytes so far and of all, how many a second, and how long the rest takes at that rate. */
function volumeOf({ done, total }: Progress, seconds: number): string {
  const rate = done / seconds;
  const left = (total - done) / rate;
  const whole = total > 0 ? ` of ${formatBytes(total)}` : '';
  const rest = left > 0 && Number.isFinite(left) ? `, ${formatLeft(left)} left` : '';
  return ` ${formatBytes(done)}${whole}, ${formatBytes(rate)}/s${rest}`;
}

function formatLeft(seconds: number): string {
  return seconds < 90 ? `${Math.ceil(seconds)} s` : `${Math.ceil(seconds / 60)} min`;
}
