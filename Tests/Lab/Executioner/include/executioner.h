// Preloaded, never called.
#pragma once
