import { agentPattern, type AgentPattern } from '../values/text.ts';

/** Most patterns that are kept: each is tried on every user agent that was not seen lately. */
const maxAgentPatterns = 10_000;
/** User agents whose answer is remembered; a host that sends a different one each time clears it. */
const maxRemembered = 8192;

/** User agents that are listed by a part of them. Answers are remembered, because the same few come again and again. */
export class AgentTable {
  readonly #patterns: (AgentPattern & { readonly entry: number })[] = [];
  readonly #remembered = new Map<string, readonly number[]>();

  get count(): number {
    return this.#patterns.length;
  }

  add(value: string, entry: number): boolean {
    if (this.#patterns.length >= maxAgentPatterns) return false;
    this.#patterns.push({ ...agentPattern(value), entry });
    return true;
  }

  /** Entries whose pattern fits. */
  find(agent: string): readonly number[] {
    const known = this.#remembered.get(agent);
    if (known !== undefined) return known;
    if (this.#remembered.size >= maxRemembered) this.#remembered.clear();
    const found = this.#patterns.filter((pattern) => fits(pattern, agent)).map((pattern) => pattern.entry);
    this.#remembered.set(agent, found);
    return found;
  }
}

function fits(pattern: AgentPattern, agent: string): boolean {
  if (pattern.anyBefore && pattern.anyAfter) return agent.includes(pattern.part);
  if (pattern.anyBefore) return agent.endsWith(pattern.part);
  return pattern.anyAfter ? agent.startsWith(pattern.part) : agent === pattern.part;
}
