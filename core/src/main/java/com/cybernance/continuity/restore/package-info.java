/**
 * From restore points to proof: a pure plan, an approval, a run that outlives crashes, and the record of what it
 * measured. For embedders who operate, and for the door.
 */
@NullMarked
package com.cybernance.continuity.restore;

import org.jspecify.annotations.NullMarked;
