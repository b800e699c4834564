/**
 * Promise against fact: the judge, its verdicts and the report. Pure: nothing here does I/O or reads a clock. For
 * embedders who read reports, and for the door.
 */
@NullMarked
package com.cybernance.continuity.check;

import org.jspecify.annotations.NullMarked;
