/** Tests of the directory store, and the tools that break disks for them. */
@NullMarked
package com.cybernance.continuity.state;

import org.jspecify.annotations.NullMarked;
