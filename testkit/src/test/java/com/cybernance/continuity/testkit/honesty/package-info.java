/** Whether the door ever calls a promise kept that was not seen to be kept. */
@NullMarked
package com.cybernance.continuity.testkit.honesty;

import org.jspecify.annotations.NullMarked;
