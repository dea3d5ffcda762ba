import { listConversions, type PathReader } from './combine.ts';
import type { Mapping, Reader } from '../../events/mapping.ts';
import { readerEntries, takenPaths } from '../../events/readers.ts';
import { tapeKey, type TapeKey } from '../json-key.ts';
