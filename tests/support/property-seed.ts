import fc from 'fast-check';

/**
 * Property tests draw the same values in every run, so that a run says something of the change and not of the draw.
 * `VAKTHUND_SEED=N npm test` draws others.
 */
fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: Number(process.env['VAKTHUND_SEED'] ?? 2026) });
