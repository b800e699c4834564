@NullMarked
package com.cybernance.continuity.testkit.vault;

import org.jspecify.annotations.NullMarked;
