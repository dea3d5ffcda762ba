import type { CarriedContent } from '../../source.ts';
import { CaptureDecoder } from './capture-decoder.ts';
import { protocols } from './protocols/registry.generated.ts';
import { ContentKeeper } from './sessions/content-keeper.ts';

/** The files of `file_transfer` events with their content. Problems are those of `decode`, and are told there. */
export async function* carried(content: AsyncIterable<Uint8Array>, maxBytes: number): AsyncGenerator<CarriedContent> {
  const keeper = new ContentKeeper(maxBytes);
  const decoder = new CaptureDecoder({ protocols: Object.values(protocols), checksums: 'auto', keeper });
  for await (const chunk of content) {
    decoder.push(chunk);
    decoder.takeEvents();
    decoder.takeProblems(false);
    yield* keeper.take();
  }
  decoder.finish();
  yield* keeper.take();
}
