import type { ReportFinding } from '../../report-schema.ts';
import { visibleText } from '../../visible-text.ts';
import { counted } from '../../words.ts';
import { html, nothing, type Markup } from './markup.ts';
import { round } from './round.ts';

const width = 1000;
const rowHeight = 30;
const nodeHeight = 22;
const sideWidth = 300;
const claimRadius = 9;
/** Nodes of a column; a graph of more is a carpet. */
const maxNodes = 14;
const maxLabel = 44;

/** Kinds of the far side; all others are ours. */
const farKinds: ReadonlySet<string> = new Set([
  'address',
  'domain',
  'url',
  'tls-fingerprint',
  'user-agent',
  'file-hash',
  'vulnerability',
]);

interface Node {
  readonly key: string;
  readonly label: string;
  y: number;
}

/**
 * What the findings of an incident, strongest first, are about: things of ours to the left, the far side to the right,
 * findings between in order of time.
 */
export function entityGraph(findings: readonly ReportFinding[]): Markup {
  const claims = findings.slice(0, maxNodes).sort((a, b) => (a.first_seen < b.first_seen ? -1 : 1));
  const near = column(claims, (kind) => !farKinds.has(kind));
  const far = column(claims, (kind) => farKinds.has(kind));
  if (claims.length < 2 || near.size + far.size < 2) return nothing;
  const rows = Math.max(claims.length, near.size, far.size);
  const height = rows * rowHeight + 8;
  for (const side of [near, far]) spread([...side.values()], height);
  const yOfClaim = (index: number): number => ((index + 0.5) * height) / claims.length;
  const hidden = findings.length - claims.length;
  return html`<h4>How it hangs together</h4>
    <div class="wide" tabindex="0">
      <svg
        viewBox="0 0 ${width} ${height}"
        role="img"
        aria-label="${claims.length} findings between ${near.size} things of ours and ${far.size} of the far side"
      >
        ${claims.map((claim, index) => edges(claim, yOfClaim(index), near, far))}
        ${[...near.values()].map((node) => box(node, 0))}
        ${[...far.values()].map((node) => box(node, width - sideWidth))}
        ${claims.map(
          (claim, index) =>
            html`<g class="${claim.severity}"
              ><circle class="claim" cx="${width / 2}" cy="${round(yOfClaim(index))}" r="${claimRadius}" /><text
                class="strong"
                x="${width / 2}"
                y="${round(yOfClaim(index) + 4)}"
                text-anchor="middle"
                >${index + 1}</text
              ><title>${claim.title}</title></g
            >`,
        )}
      </svg>
    </div>
    <ol class="soft">
      ${claims.map((claim) => html`<li>${claim.title}</li>`)}
    </ol>
    ${hidden > 0 ? html`<p class="soft">and ${counted(hidden, 'weaker finding')}</p>` : nothing}`;
}

/** The things of one side by key, those of the most findings first. */
function column(findings: readonly ReportFinding[], isOfSide: (kind: string) => boolean): Map<string, Node> {
  const counts = new Map<string, number>();
  for (const { entities } of findings) {
    for (const { kind, value } of entities) {
      const key = `${kind} ${value}`;
      if (isOfSide(kind)) counts.set(key, (counts.get(key) ?? 0) + 1);
    }
  }
  const chosen = [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).slice(0, maxNodes);
  return new Map(chosen.map(([key]) => [key, { key, label: visibleText(key, maxLabel), y: 0 }]));
}

function spread(nodes: readonly Node[], height: number): void {
  for (const [index, node] of nodes.entries()) node.y = ((index + 0.5) * height) / nodes.length;
}

function edges(
  claim: ReportFinding,
  y: number,
  near: ReadonlyMap<string, Node>,
  far: ReadonlyMap<string, Node>,
): Markup[] {
  return claim.entities.flatMap(({ kind, value }) => {
    const key = `${kind} ${value}`;
    const left = near.get(key);
    const right = far.get(key);
    const center = width / 2;
    if (left !== undefined) return [curve(sideWidth, left.y, center - claimRadius, y)];
    return right === undefined ? [] : [curve(center + claimRadius, y, width - sideWidth, right.y)];
  });
}

function curve(x1: number, y1: number, x2: number, y2: number): Markup {
  const bend = (x1 + x2) / 2;
  return html`<path
    class="edge"
    d="M${x1} ${round(y1)} C${bend} ${round(y1)} ${bend} ${round(y2)} ${x2} ${round(y2)}"
  />`;
}

function box({ label, y, key }: Node, x: number): Markup {
  const top = round(y - nodeHeight / 2);
  return html`<g
    ><rect class="node" x="${x + 1}" y="${top}" width="${sideWidth - 2}" height="${nodeHeight}" rx="4" /><text
      class="strong"
      x="${x + 8}"
      y="${round(y + 4)}"
      >${label}</text
    ><title>${key}</title></g
  >`;
}
