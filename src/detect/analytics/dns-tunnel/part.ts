/** A reason with its weight: negative when it speaks for the channel. */
export interface Part {
  readonly what: string;
  readonly value: string;
  readonly weight: number;
}

export function part(what: string, value: string, weight: number): Part {
  return { what, value, weight };
}

export function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}

/** Below so many machines that ask for names nothing can be said about who else asks. */
export const tellingNetwork = 4;
