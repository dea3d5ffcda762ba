/** An event's text, with the line that it begins on. */
export interface EventText {
  readonly xml: string;
  readonly line: number;
  /** Its end tag was found. */
  readonly isWhole: boolean;
}

interface Place {
  readonly byte: number;
  readonly line: number;
}

/** Characters of an event; Windows' own bound is 64 KiB in binary form, and XML spells that out. */
const maxLength = 4 << 20;
const startTag = /<Event(?=[\s>]|$)/g;
const endTag = '</Event>';

/** Finds events in lines: several on one, or one over many. */
export class EventSpread {
  #parts: string[] = [];
  #length = 0;
  #open: Place | undefined;

  /** Where the event that has begun and not ended begins. */
  get open(): Place | undefined {
    return this.#open;
  }

  /** The events that end on this line. One that begins before another has ended, or grows too long, ends there, cut. */
  *take(text: string, place: Place): Generator<EventText> {
    let at = 0;
    while (at < text.length) {
      const end = text.indexOf(endTag, at);
      if (this.#open === undefined) {
        startTag.lastIndex = at;
        const start = startTag.exec(text)?.index;
        if (start === undefined) return;
        this.#open = place;
        at = start;
        if (end >= 0 && end < start) continue;
      }
      const stop = end < 0 ? text.length : end + endTag.length;
      this.#add(text.slice(at, stop));
      at = stop;
      if (end >= 0) yield this.#finish(true);
      else if (this.#length > maxLength) yield this.#finish(false);
    }
  }

  /** The event that has no end. */
  abandon(): EventText | undefined {
    return this.#open === undefined ? undefined : this.#finish(false);
  }

  #add(part: string): void {
    this.#parts.push(part);
    this.#length += part.length;
  }

  #finish(isWhole: boolean): EventText {
    const text = { xml: this.#parts.join('\n'), line: this.#open?.line ?? 1, isWhole };
    this.#parts = [];
    this.#length = 0;
    this.#open = undefined;
    return text;
  }
}
