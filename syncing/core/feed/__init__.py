"""Files of goods for readers besides VK: what each takes and refuses, and how its file is written."""
