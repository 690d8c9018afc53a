// Makes the clock of a process wrong, before anything else runs in it: `CLOCK_SKEW_MS=60000 node --import …`.
const skewMs = Number(process.env.CLOCK_SKEW_MS);
const RightDate = Date;

globalThis.Date = class SkewedDate extends RightDate {
  constructor(...args) {
    super(...(args.length === 0 ? [SkewedDate.now()] : args));
  }
  static now() {
    return RightDate.now() + skewMs;
  }
};
