/* Force-included before every source of XS and ours: how XS is configured. mxDebug comes from the command line. */
#define INCLUDE_XSPLATFORM 1
#define XSPLATFORM "platform.h"

#define mxParse 1        /* the engine compiles modules itself; the device gets byte code */
#define mxRun 1
#define mxSloppy 1
#define mxInstrument 1   /* the counters */
#define mxMetering 1     /* the meter, and the watchdog of computation */
#define mxBoundsCheck 1  /* stack overflow aborts; run.c relies on it too */
#define mxNoConsole 1
#define mxMinusZero 1
/* Not mxSnapshot. Not mxCESU8: without it '\u{1F600}'.length is 1, as on the device. */
